/** The key that signs checkpoints of the audit chain. It signs nothing else. */

import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { KeyIdentity, KeyStore } from '../key-store/key-store.ts';
import type { Signer } from '../keys/key.ts';
import type { AuditEvent, ServiceKey, Store } from '../storage/ports.ts';

const ALGORITHM = 'ml-dsa-65';

export interface AuditKeyPorts {
  readonly store: Pick<Store, 'addServiceKey' | 'getServiceKey'>;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
}

/** In the place of the id of an authority, which is a UUID. */
export const auditKeyIdentity = (keyId: string): KeyIdentity => ({ authorityId: 'audit', keyId });

/** Returns the signer, with a new key at first. Rejects with PkiError key-unavailable or store-unavailable. */
export async function openAuditKey(ports: AuditKeyPorts): Promise<Signer> {
  const key = await ports.store.getServiceKey('audit');
  return key === undefined ? createAuditKey(ports) : openKey(ports, key);
}

const openKey = ({ keyStore }: AuditKeyPorts, key: ServiceKey): Promise<Signer> =>
  keyStore.open(auditKeyIdentity(key.id), key);

async function createAuditKey(ports: AuditKeyPorts): Promise<Signer> {
  const { keyStore } = ports;
  const identity = auditKeyIdentity(randomUUID());
  const { signer, material } = await keyStore.generate(identity, ALGORITHM);
  const winner = await storeOrFind(ports, identity, signer, material).catch((error: unknown) => {
    keyStore.forget(identity);
    throw error;
  });
  if (winner === undefined) return signer;
  keyStore.forget(identity);
  return openKey(ports, winner);
}

/** Returns the key of another process that was faster; undefined if the new key is stored. */
async function storeOrFind(
  { store, clock }: AuditKeyPorts,
  { keyId: id }: KeyIdentity,
  { publicKey: { algorithm, spki } }: Signer,
  material: Pick<ServiceKey, 'sealed' | 'keyReference'>,
): Promise<ServiceKey | undefined> {
  const createdAt = clock();
  const key: ServiceKey = { id, purpose: 'audit', algorithm, publicKey: spki, ...material, createdAt };
  const audit: AuditEvent = {
    at: createdAt,
    action: 'audit/create-key',
    outcome: 'success',
    principal: 'service',
    details: { key: id, algorithm },
  };
  const outcome = await store.addServiceKey({ key, audit });
  return outcome === 'added' ? undefined : store.getServiceKey('audit');
}
