/** Verifies the whole audit chain of a store, with its checkpoints and with those that others kept. */

import { PkiError } from '../base/errors.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { Keys, PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { verifyAuditChain, type AuditFault } from '../storage/audit-chain.ts';
import type { AuditCheckpoint, AuditHead, Store } from '../storage/ports.ts';
import {
  signedCheckpointOf,
  verifyCheckpoint,
  type CheckpointStatement,
  type SignedCheckpoint,
} from './checkpoint.ts';
import { readAuditUpTo, UnreadableRecord } from './read-audit.ts';

export type AuditStoreReader = Pick<Store, 'auditHead' | 'getServiceKey' | 'readAudit' | 'readCheckpoints'>;

/** What an auditor kept, out of reach of those who can write to the store. */
export interface OutsideEvidence {
  /** Instead of the key in the store. */
  readonly publicKey?: PublicKey | undefined;
  readonly checkpoints: readonly SignedCheckpoint[];
}

export type AuditReport =
  | { readonly valid: true; readonly records: number; readonly checkpoints: number }
  /** A whole sentence. */
  | { readonly valid: false; readonly message: string };

const NOTHING: OutsideEvidence = { checkpoints: [] };

/** Rejects with PkiError store-unavailable. The service may go on writing to the chain. */
export async function verifyAudit(
  store: AuditStoreReader,
  keys: Pick<Keys, 'verify'>,
  outside = NOTHING,
): Promise<AuditReport> {
  const key = outside.publicKey ?? (await storedKey(store));
  // Before the head is read: a later checkpoint could be beyond it.
  const checkpoints = await verifiedCheckpoints(store, keys, key, outside.checkpoints);
  if (typeof checkpoints === 'string') return { valid: false, message: checkpoints };
  const head = await store.auditHead();
  const fault = await faultOfChain(store, head, checkpoints);
  return fault === undefined
    ? { valid: true, records: head.sequence, checkpoints: checkpoints.length }
    : { valid: false, message: MESSAGES[fault.fault](fault.sequence) };
}

const MESSAGES: Readonly<Record<AuditFault['fault'], (sequence: number) => string>> = {
  changed: (sequence) => `Record ${sequence} was changed, or is not in its place`,
  missing: (sequence) => `Record ${sequence} is missing`,
  'out-of-order': (sequence) => `Record ${sequence} is not in its place`,
  'not-the-head': (sequence) => `The chain does not end with its last record, ${sequence}`,
  'not-the-checkpoint': (sequence) =>
    `Record ${sequence} is not the one of a signed checkpoint: the chain was written again`,
};

async function storedKey(store: AuditStoreReader): Promise<PublicKey | undefined> {
  const key = await store.getServiceKey('audit');
  return key && readPublicKey(checkDer(key.publicKey));
}

/** Returns a sentence about the first checkpoint that is not valid. */
async function verifiedCheckpoints(
  store: AuditStoreReader,
  keys: Pick<Keys, 'verify'>,
  key: PublicKey | undefined,
  outside: readonly SignedCheckpoint[],
): Promise<readonly CheckpointStatement[] | string> {
  const verified: CheckpointStatement[] = [];
  for await (const stored of readCheckpoints(store)) {
    const stated = key && (await verifyStored(keys, key, stored));
    if (stated?.sequence !== stored.sequence)
      return `The checkpoint of record ${stored.sequence} in the store is not signed by the key of the service`;
    verified.push(stated);
  }
  for (const signed of outside) {
    const stated = key && (await verifyCheckpoint(keys, key, signed));
    if (stated === undefined) return 'The signature of the given checkpoint is invalid';
    verified.push(stated);
  }
  return verified;
}

async function verifyStored(
  keys: Pick<Keys, 'verify'>,
  key: PublicKey,
  stored: AuditCheckpoint,
): Promise<CheckpointStatement | undefined> {
  try {
    return await verifyCheckpoint(keys, key, signedCheckpointOf(stored));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const PAGE = 100;

async function* readCheckpoints(store: AuditStoreReader): AsyncGenerator<AuditCheckpoint> {
  let after = 0;
  for (;;) {
    const page = await store.readCheckpoints({ after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

async function faultOfChain(
  store: AuditStoreReader,
  head: AuditHead,
  stated: readonly CheckpointStatement[],
): Promise<AuditFault | undefined> {
  const checkpoints = stated.map((checkpoint) => ({
    ...checkpoint,
    createdAt: checkpoint.at,
    statement: new Uint8Array(),
  }));
  try {
    const verdict = await verifyAuditChain(readAuditUpTo(store, head, isPkiError), { head, checkpoints });
    return verdict.valid ? await faultOfEnd(store, head) : verdict;
  } catch (error) {
    if (error instanceof UnreadableRecord) return { sequence: error.sequence, fault: 'changed' };
    throw error;
  }
}

const isPkiError = (error: unknown): boolean => error instanceof PkiError;

/** A record after the head belongs to a newer head, or was added by hand. */
async function faultOfEnd(store: AuditStoreReader, head: AuditHead): Promise<AuditFault | undefined> {
  const [added] = await store.readAudit({ after: head.sequence, limit: 1 });
  if (added === undefined) return undefined;
  const { sequence } = await store.auditHead();
  return sequence === head.sequence ? { sequence, fault: 'not-the-head' } : undefined;
}
