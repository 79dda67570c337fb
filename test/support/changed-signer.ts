import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import type { KeyStore } from '../../src/key-store/key-store.ts';
import type { Keys, Signer } from '../../src/keys/key.ts';
import { SEALING_KEY } from './authorities.ts';

/** A key store whose signers are replaced. */
export function withSigner(keys: Keys, change: (signer: Signer) => Signer): KeyStore {
  const inner = new SealedKeyStore({ keys, sealingKey: SEALING_KEY });
  return {
    generate: (...input) => inner.generate(...input),
    seal: (...input) => inner.seal(...input),
    open: async (...input) => change(await inner.open(...input)),
    replace: (...input) => inner.replace(...input),
    forget: (identity) => inner.forget(identity),
    close: () => inner.close(),
  };
}
