/** Seals every stored key again, under the newest sealing key, while the service runs. */

import type { Clock } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import type { AuthorityKey, Store } from '../storage/ports.ts';

export interface Resealed {
  /** Keys that were sealed again, and that were sealed by the newest key before. */
  readonly replaced: number;
  readonly kept: number;
  /** Ids of keys that do not open, each with a sentence. */
  readonly failed: ReadonlyMap<string, string>;
}

interface ResealPorts {
  readonly store: Pick<Store, 'listSealedKeys' | 'reseal'>;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
}

const PAGE = 100;

/** Rejects with PkiError store-unavailable. Can be run again at any time. */
export async function resealKeys(ports: ResealPorts): Promise<Resealed> {
  const counts = { replaced: 0, kept: 0 };
  const failed = new Map<string, string>();
  let after: string | undefined;
  for (;;) {
    const page = await ports.store.listSealedKeys({ limit: PAGE, ...(after !== undefined && { after }) });
    for (const key of page) {
      const outcome = await resealOne(ports, key);
      if (outcome === 'replaced' || outcome === 'kept') counts[outcome] += 1;
      else failed.set(key.id, outcome.message);
    }
    after = page.at(-1)?.id;
    if (page.length < PAGE) return { ...counts, failed };
  }
}

/** A key that another process sealed again in the meantime is kept. */
async function resealOne(
  { store, keyStore, clock }: ResealPorts,
  { id: keyId, authorityId, sealed: expected }: AuthorityKey,
): Promise<'replaced' | 'kept' | PkiError> {
  if (expected === undefined) return 'kept';
  const sealed = await keyStore.replace({ authorityId, keyId }, expected).catch(unavailable);
  if (sealed === undefined || sealed instanceof PkiError) return sealed ?? 'kept';
  const details = { authority: authorityId, key: keyId };
  const event = {
    at: clock(),
    action: 'authority/reseal',
    outcome: 'success',
    principal: 'service',
    details,
  } as const;
  const { outcome } = await store.reseal({ keyId, expected, sealed, audit: event });
  return outcome === 'changed' ? 'replaced' : 'kept';
}

function unavailable(error: unknown): PkiError {
  if (error instanceof PkiError && error.code === 'key-unavailable') return error;
  throw error;
}
