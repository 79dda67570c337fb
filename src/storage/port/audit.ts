/** The audit chain: append-only records, each of which contains the SHA-256 of the one before it. */

import type { JsonObject } from '../../base/canonical-json.ts';
import type { Period } from './certificates.ts';

/** What happened. It is stored in the transaction of what it records. It contains no secret. */
export interface AuditEvent {
  readonly at: Date;
  /** For example `certificate/issue`. */
  readonly action: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  /** `Principal.id` of the caller, or `service` for what the service does by itself. */
  readonly principal: string;
  /** Public facts. Its canonical JSON is hashed. */
  readonly details: JsonObject;
}

export interface AuditRecord extends AuditEvent {
  /** 1 for the first record, then without a gap. */
  readonly sequence: number;
  /** The hash of the record before; 32 zero octets for the first record. */
  readonly previousHash: Uint8Array;
  /** SHA-256 of `previousHash`, then the canonical JSON of the record (`audit-chain.ts`). */
  readonly hash: Uint8Array;
}

/** The last record, or sequence 0 and 32 zero octets for an empty chain. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** A signed statement about the chain, so that others can hold the service to it. */
export interface AuditCheckpoint {
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly createdAt: Date;
  /** The signed statement, opaque to the store. */
  readonly statement: Uint8Array;
}

/** Every given member must match. */
export interface AuditFilter {
  readonly action?: string;
  readonly outcome?: AuditEvent['outcome'];
  readonly principal?: string;
  /** The text of the member `authority` of the details. */
  readonly authority?: string;
  readonly period?: Period;
}

/** A place in the order of `at`, then `sequence`. A record has one. */
export type AuditPlace = Pick<AuditRecord, 'at' | 'sequence'>;

export interface AuditQuery {
  readonly filter: AuditFilter;
  /** Starts after this place, with the record that happened before it. */
  readonly after?: AuditPlace;
  readonly limit: number;
}

export interface AuditStore {
  /** Appends a record that belongs to no other transaction, such as a refusal. */
  appendAudit(event: AuditEvent): Promise<void>;
  /** In the order of the chain, after `after` (0 for the start). At most `limit` records. */
  readAudit(page: { readonly after: number; readonly limit: number }): Promise<readonly AuditRecord[]>;
  /** A page of what matches, by `at` and then `sequence`, the newest first. */
  searchAudit(query: AuditQuery): Promise<readonly AuditRecord[]>;
  auditHead(): Promise<AuditHead>;
  /** Returns false if there is a checkpoint with this sequence. */
  addCheckpoint(checkpoint: AuditCheckpoint): Promise<boolean>;
  /** The one with the highest sequence. */
  lastCheckpoint(): Promise<AuditCheckpoint | undefined>;
  /** In the order of the chain, after `after` (0 for the start). */
  readCheckpoints(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly AuditCheckpoint[]>;
}
