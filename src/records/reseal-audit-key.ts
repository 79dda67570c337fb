import type { Clock } from '../base/clock.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import type { Store } from '../storage/ports.ts';
import { auditKeyIdentity } from './audit-key.ts';

/**
 * Seals the key of the checkpoints again, under the newest sealing key. Returns false if there is nothing to do. Rejects
 * with PkiError key-unavailable if the key does not open.
 */
export async function resealAuditKey(
  store: Pick<Store, 'getServiceKey' | 'resealServiceKey'>,
  keyStore: KeyStore,
  clock: Clock,
): Promise<boolean> {
  const key = await store.getServiceKey('audit');
  if (key?.sealed === undefined) return false;
  const sealed = await keyStore.replace(auditKeyIdentity(key.id), key.sealed);
  if (sealed === undefined) return false;
  const outcome = await store.resealServiceKey({
    id: key.id,
    expected: key.sealed,
    sealed,
    audit: {
      at: clock(),
      action: 'audit/reseal-key',
      outcome: 'success',
      principal: 'service',
      details: { key: key.id },
    },
  });
  return outcome === 'changed';
}
