/** When and how checkpoints of the audit chain are made. */

import type { AuditCheckpoint, AuditHead, Store } from '../storage/ports.ts';
import { openAuditKey, type AuditKeyPorts } from './audit-key.ts';
import { signCheckpoint } from './checkpoint.ts';

export interface CheckpointPorts extends AuditKeyPorts {
  readonly store: AuditKeyPorts['store'] &
    Pick<Store, 'addCheckpoint' | 'auditHead' | 'lastCheckpoint' | 'readCheckpoints'>;
}

/** A checkpoint is made after this number of records, or after this time in milliseconds if there is a new record. */
const RECORDS = 1000;
const INTERVAL = 3_600_000;

/** Returns the checkpoint of the last record, a new one if there is none. */
export async function makeCheckpoint(ports: CheckpointPorts): Promise<AuditCheckpoint> {
  const { store, clock } = ports;
  // A new key is a record of the chain, so that the first checkpoint covers it.
  const signer = await openAuditKey(ports);
  const head = await store.auditHead();
  const known = await checkpointOf(store, head);
  if (known !== undefined) return known;
  const checkpoint = await signCheckpoint(signer, head, clock());
  if (await store.addCheckpoint(checkpoint)) return checkpoint;
  return (await checkpointOf(store, head)) ?? checkpoint;
}

async function checkpointOf(
  store: Pick<Store, 'readCheckpoints'>,
  { sequence }: AuditHead,
): Promise<AuditCheckpoint | undefined> {
  const [found] = await store.readCheckpoints({ after: sequence - 1, limit: 1 });
  return found?.sequence === sequence ? found : undefined;
}

/** Makes a checkpoint if one is due. Returns whether it did. */
export async function makeDueCheckpoint(ports: CheckpointPorts): Promise<boolean> {
  const { store, clock } = ports;
  const [head, last] = await Promise.all([store.auditHead(), store.lastCheckpoint()]);
  if (!isDue(head, last, clock())) return false;
  await makeCheckpoint(ports);
  return true;
}

export function isDue(head: AuditHead, last: AuditCheckpoint | undefined, now: Date): boolean {
  if (last === undefined) return head.sequence > 0;
  const records = head.sequence - last.sequence;
  return records >= RECORDS || (records > 0 && now.getTime() - last.createdAt.getTime() >= INTERVAL);
}
