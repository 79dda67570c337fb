import type { Static } from 'typebox';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { auditKeyId, signedCheckpointOf } from '../../src/records/checkpoint.ts';
import type {
  AuditCheckpoint as StoredCheckpoint,
  AuditHead as StoredHead,
  AuditRecord as StoredRecord,
  ServiceKey,
} from '../../src/storage/ports.ts';
import { presentPem } from '../wire/present.ts';
import type { AuditCheckpoint, AuditHead, AuditKey, auditRecord } from './schema.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

export const presentRecord = (record: StoredRecord): Static<typeof auditRecord> => ({
  sequence: record.sequence,
  at: record.at.toISOString(),
  action: record.action,
  outcome: record.outcome,
  principal: record.principal,
  details: record.details,
  previous_hash: hex(record.previousHash),
  hash: hex(record.hash),
});

export const presentHead = ({ sequence, hash }: StoredHead): Static<typeof AuditHead.ref> => ({
  sequence,
  hash: hex(hash),
});

export const presentCheckpoint = (stored: StoredCheckpoint): Static<typeof AuditCheckpoint.ref> => ({
  ...presentHead(stored),
  created_at: stored.createdAt.toISOString(),
  ...signedCheckpointOf(stored),
});

export function presentAuditKey({ publicKey }: ServiceKey): Static<typeof AuditKey.ref> {
  const key = readPublicKey(checkDer(publicKey));
  return {
    key_id: auditKeyId(key),
    key_algorithm: key.algorithm,
    public_key: presentPem('PUBLIC KEY', key.spki).text,
  };
}
