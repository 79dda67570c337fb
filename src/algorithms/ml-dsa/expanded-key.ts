/** Expanded private keys (RFC 9881 §6): made from a seed, and checked before they are used. */

import type { SecurityLevel } from './parameter-sets.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ExpandedKeys {
  /** sk of FIPS 204 algorithm 6, which the caller zeroes. */
  expand(level: SecurityLevel, seed: Uint8Array): Promise<Uint8Array>;
  /**
   * The public key of an expanded key, of which every part that can be checked is checked (`expanded-key-check.ts`).
   * Throws PkiError invalid-private-key.
   */
  publicKeyOf(level: SecurityLevel, expandedKey: Uint8Array): Promise<Uint8Array>;
}

/** The pool stays its creator's to close. */
export const createExpandedKeys = (pool: WorkerPool): ExpandedKeys => ({
  async expand(level, seed) {
    const { expandedKey } = await pool.run('expand', { level, seed });
    return expandedKey;
  },

  async publicKeyOf(level, expandedKey) {
    const { publicKey } = await pool.run('derivePublicKey', { level, expandedKey });
    return publicKey;
  },
});
