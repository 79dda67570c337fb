/** Expanded private keys (RFC 9881 §6): made from a seed, and checked before they are used. */

import type { MlDsaParameterSetName } from './parameter-sets.ts';
import type { NoblePool } from './noble-pool.ts';

export interface ExpandedKeys {
  /** sk of FIPS 204 algorithm 6, which the caller zeroes. */
  expand(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array>;
  /**
   * The public key of an expanded key, of which every part that can be checked is checked (`expanded-key-check.ts`).
   * Throws PkiError invalid-private-key.
   */
  publicKeyOf(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Promise<Uint8Array>;
}

/** The pool stays its creator's to close. */
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
