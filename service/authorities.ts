/** Opens the store and the key store of the configuration. */

import { composeAuthorities, type AuthorityDomain } from '../src/authorities/compose.ts';
import type { KeyFault } from '../src/authorities/open-authorities.ts';
import { createPublication } from '../src/revocation/pointers.ts';
import { readSealingKeys } from '../src/config/sealing-keys.ts';
import type { Config } from '../src/config/schema.ts';
import type { Domain } from '../src/domain.ts';
import type { KeyStore } from '../src/key-store/key-store.ts';
import { MISSING_KEY_STORE } from '../src/key-store/missing-key-store.ts';
import { SealedKeyStore } from '../src/key-store/sealed-key-store.ts';
import type { Keys } from '../src/keys/key.ts';
import { observedStore, type StoreObserver } from '../src/storage/observed-store.ts';
import { createStore } from '../src/storage/open.ts';

/** Returns undefined without DATA_DIR and DATABASE_URL. Throws ConfigError for a key file that cannot be read. */
export async function openAuthorities(
  config: Config,
  { context, keys }: Pick<Domain, 'context' | 'keys'>,
  onFault: (fault: KeyFault) => void,
  observer?: StoreObserver,
): Promise<AuthorityDomain | undefined> {
  const opened = await createStore(config);
  if (opened === undefined) return undefined;
  const store = observer === undefined ? opened : observedStore(opened, observer);
  const keyStore = openKeyStore(config, keys);
  return composeAuthorities({ context, store, keyStore, onFault, publication: publicationOf(config) });
}

const publicationOf = ({ PUBLIC_URL: publicUrl }: Config) =>
  publicUrl === undefined ? undefined : createPublication({ publicUrl, hasOcsp: false });

/** Throws ConfigError for a key file that cannot be read. */
export function openKeyStore(config: Config, keys: Keys): KeyStore {
  const sealing = readSealingKeys(config);
  return sealing === undefined ? MISSING_KEY_STORE : new SealedKeyStore({ keys, ...sealing });
}
