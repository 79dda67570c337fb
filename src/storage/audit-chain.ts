/** The hashes of the audit chain, and the check of a whole chain. */

import { hash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { AuditCheckpoint, AuditEvent, AuditHead, AuditRecord } from './port/audit.ts';

/** The head of an empty chain. */
export const EMPTY_CHAIN: AuditHead = Object.freeze({ sequence: 0, hash: new Uint8Array(32) });

/** Returns the record that follows `head`. */
export function nextRecord(head: AuditHead, event: AuditEvent): AuditRecord {
  const sequence = head.sequence + 1;
  return { ...event, sequence, previousHash: head.hash, hash: hashOf(head.hash, sequence, event) };
}

/** SHA-256 of the hash before, then of the canonical JSON (RFC 8785) of the members in UTF-8. */
function hashOf(previousHash: Uint8Array, sequence: number, event: AuditEvent): Uint8Array {
  const { at, action, outcome, principal, details } = event;
  const text = canonicalJson({ sequence, at: at.toISOString(), action, outcome, principal, details });
  return new Uint8Array(hash('sha256', Buffer.concat([previousHash, Buffer.from(text)]), 'buffer'));
}

/** The first record that does not continue the chain, and why. */
export interface AuditFault {
  readonly sequence: number;
  readonly fault: 'changed' | 'missing' | 'out-of-order' | 'not-the-head' | 'not-the-checkpoint';
}

export type AuditVerdict =
  { readonly valid: true; readonly head: AuditHead } | ({ readonly valid: false } & AuditFault);

/** What the chain must agree with, besides itself. */
export interface AuditAnchors {
  /** The head that the store has. A chain that ends before it lost its last records. */
  readonly head?: AuditHead;
  /** Checkpoints whose signatures were verified, in the order of the chain. */
  readonly checkpoints?: readonly AuditCheckpoint[];
}

/**
 * Verifies a whole chain from its first record, with a memory that does not depend on its length. It detects records
 * that were changed, removed, added or reordered.
 */
export async function verifyAuditChain(
  records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>,
  { head: expected, checkpoints = [] }: AuditAnchors = {},
): Promise<AuditVerdict> {
  const hashes = new Map(checkpoints.map(({ sequence, hash }) => [sequence, hash]));
  let head = EMPTY_CHAIN;
  for await (const record of records) {
    const fault = faultOf(head, record);
    if (fault !== undefined) return { valid: false, ...fault };
    head = { sequence: record.sequence, hash: record.hash };
    const signed = hashes.get(head.sequence);
    if (signed !== undefined && !isEqual(signed, head.hash)) {
      return { valid: false, sequence: head.sequence, fault: 'not-the-checkpoint' };
    }
    hashes.delete(head.sequence);
  }
  return verdictAtEnd(head, expected, [...hashes.keys()]);
}

function faultOf(head: AuditHead, record: AuditRecord): AuditFault | undefined {
  const sequence = head.sequence + 1;
  if (record.sequence > sequence) return { sequence, fault: 'missing' };
  if (record.sequence < sequence) return { sequence, fault: 'out-of-order' };
  const { hash } = nextRecord(head, record);
  const continues = isEqual(record.previousHash, head.hash) && isEqual(record.hash, hash);
  return continues ? undefined : { sequence, fault: 'changed' };
}

function verdictAtEnd(
  head: AuditHead,
  expected: AuditHead | undefined,
  unreached: readonly number[],
): AuditVerdict {
  const last = Math.max(expected?.sequence ?? 0, ...unreached);
  if (last > head.sequence) return { valid: false, sequence: head.sequence + 1, fault: 'missing' };
  if (expected === undefined || isEqual(expected.hash, head.hash)) return { valid: true, head };
  return { valid: false, sequence: head.sequence, fault: 'not-the-head' };
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
