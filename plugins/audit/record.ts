/** What the audit log says of one act. Public facts only: never a key, a body or a credential. */

import type { Outcome } from '../outcome.ts';

/** What was asked for. */
export interface AuditOperation {
  readonly operation:
    'keys/generate' | 'certificate/generate' | 'certificate/hybrid' | 'csr/generate' | 'csr/sign';
  readonly profile?: 'ca' | 'end-entity';
  readonly algorithm?: string;
  /** How many subject alternative names. */
  readonly names?: number;
  readonly days?: number | undefined;
}

/** What came of it. */
export interface AuditResult {
  readonly algorithm?: string;
  readonly serial?: string;
  /** Value of the subjectKeyIdentifier, hexadecimal. */
  readonly key?: string;
  /** As the caller wrote it, clipped, as is `issuer`. */
  readonly subject?: string;
  readonly issuer?: string;
  readonly names?: number;
}

export interface AuditRecord extends AuditOperation, AuditResult {
  readonly outcome: Outcome;
  /** Code of the problem, where it did not come about. */
  readonly problem?: string;
}

/** Where the records of one request go. */
export interface AuditTrail {
  /** Throws ProblemError audit-unavailable while it is known that no record can be kept. */
  ensureWritable(): void;
  write(record: AuditRecord): void;
  /** Answers once the record that was written last is kept. Throws ProblemError audit-unavailable where it is not. */
  ensureWritten(): Promise<void>;
}
