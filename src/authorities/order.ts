/** What a caller orders from an authority. */

import type { CertificateOptions } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import type { SubjectNames } from '../ca/subject.ts';
import type { NotedReading } from '../formats/reading.ts';
import type { CertifiableAlgorithmName, PublicKey } from '../keys/key.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { Caller } from './context.ts';
import type { RepeatableRequest } from './idempotency.ts';

/** Where the key of the new certificate is from. Only a CSR proves that its sender has the private key. */
export type KeySource =
  | { readonly from: 'csr'; readonly request: CertificationRequest }
  | { readonly from: 'public-key'; readonly publicKey: PublicKey }
  /** The service makes the key, and returns it once. */
  | { readonly from: 'new-key'; readonly algorithm: CertifiableAlgorithmName }
  /** The key of the predecessor. */
  | { readonly from: 'predecessor' };

/** An earlier certificate whose names the new one gets. */
export interface Predecessor {
  readonly way: 'renew' | 'rekey';
  readonly certificateId: string;
}

export interface OrderContent {
  readonly key: KeySource;
  /** Absent with a predecessor, and with a CSR, which has names of its own. */
  readonly names?: SubjectNames | undefined;
  /** Added to the names of a CSR. */
  readonly addedNames: readonly GeneralName[];
  /** Whether DNS names of a CSR can have underscores. */
  readonly allowUnderscore?: boolean | undefined;
  readonly options: CertificateOptions;
  /** How the CSR was read, and what was noted. */
  readonly reading: NotedReading;
}

export interface Order {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  /** Whether the caller selected neither a profile nor usages, so that the CA can narrow the purposes. */
  readonly isDefaultProfile: boolean;
  /** Absent with a predecessor, whose profile it is then. */
  readonly profile?: Profile | undefined;
  readonly predecessor?: Predecessor | undefined;
  /** In whole days. */
  readonly days?: number | undefined;
  /** With a CA profile only. */
  readonly pathLength?: number | undefined;
  /** Reads what the caller sends. It runs inside the use case, so that observers see what it throws. */
  readonly content: () => OrderContent;
  readonly repeatable?: RepeatableRequest | undefined;
}
