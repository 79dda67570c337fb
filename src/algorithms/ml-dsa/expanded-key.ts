/** Expanded private keys (RFC 9881 §6). */

import type { MlDsaParameterSetName } from './parameter-sets.ts';
import type { NoblePool } from './noble-pool.ts';

export interface ExpandedKeys {
  /** Returns sk of FIPS 204 algorithm 6, which the caller zeroes. */
  expand(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array>;
  /**
   * Returns the public key of an expanded key. Throws PkiError invalid-private-key that names the part which does not fit the
   * others (`expanded-key-check.ts`).
   */
  publicKeyOf(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Promise<Uint8Array>;
}

/** The caller closes the pool. */
export const createExpandedKeys = (pool: NoblePool): ExpandedKeys => ({
  async expand(parameterSet, seed) {
    const { expandedKey } = await pool.run('expand', { parameterSet, seed });
    return expandedKey;
  },

  async publicKeyOf(parameterSet, expandedKey) {
    const { publicKey } = await pool.run('derivePublicKey', { parameterSet, expandedKey });
    return publicKey;
  },
});
