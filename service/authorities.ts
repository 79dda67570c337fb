/** Opens the store and the key store of the configuration. */

import { composeAuthorities, type AuthorityDomain } from '../src/authorities/compose.ts';
import type { KeyFault } from '../src/authorities/open-authorities.ts';
import { createPublication } from '../src/revocation/pointers.ts';
import { lostSealingKey, makesSealingKey, readSealingKeys } from '../src/config/sealing-keys.ts';
import type { Config } from '../src/config/schema.ts';
import type { Domain } from '../src/domain.ts';
import type { KeyStore } from '../src/key-store/key-store.ts';
import { MISSING_KEY_STORE } from '../src/key-store/missing-key-store.ts';
import { SealedKeyStore } from '../src/key-store/sealed-key-store.ts';
import type { Keys } from '../src/keys/key.ts';
import { observedStore, type StoreObserver } from '../src/storage/observed-store.ts';
import { announcing } from '../src/webhooks/messages.ts';
import { webhookSettings } from '../src/webhooks/receivers.ts';
import { createStore } from '../src/storage/open.ts';
import type { Store } from '../src/storage/ports.ts';

/**
 * Returns undefined without DATA_DIR and DATABASE_URL. Throws ConfigError for a key file that cannot be read, or that is lost
 * while the store has keys that it sealed.
 */
export async function openAuthorities(
  config: Config,
  { context, keys }: Pick<Domain, 'context' | 'keys'>,
  onFault: (fault: KeyFault) => void,
  observer?: StoreObserver,
): Promise<AuthorityDomain | undefined> {
  const opened = await createStore(config);
  if (opened === undefined) return undefined;
  const store = observer === undefined ? opened : observedStore(opened, observer);
  try {
    if (makesSealingKey(config) && (await hasSealedKeys(store))) throw lostSealingKey();
    const keyStore = openKeyStore(config, keys);
    const settings = webhookSettings(config);
    return composeAuthorities({
      context,
      store,
      keyStore,
      onFault,
      publication: publicationOf(config),
      announce: settings && announcing(settings),
      allowClockBehind: config.ALLOW_CLOCK_BEHIND,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function hasSealedKeys(store: Store): Promise<boolean> {
  const authorities = await store.listAuthorities({ limit: 1 });
  return authorities.length > 0 || (await store.getServiceKey('audit')) !== undefined;
}

const publicationOf = ({ PUBLIC_URL: publicUrl, OCSP_ENABLED: hasOcsp }: Config) =>
  createPublication({ publicUrl, hasOcsp });

/** Throws ConfigError for a key file that cannot be read. */
export function openKeyStore(config: Config, keys: Keys): KeyStore {
  const sealing = readSealingKeys(config);
  return sealing === undefined ? MISSING_KEY_STORE : new SealedKeyStore({ keys, ...sealing });
}
