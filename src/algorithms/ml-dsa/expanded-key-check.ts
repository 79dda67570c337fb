/**
 * The whole check of an expanded ML-DSA private key
 *
 *   sk = ρ (32) ‖ K (32) ‖ tr (64) ‖ s1 (ℓ polynomials) ‖ s2 (k) ‖ t0 (k)     -- FIPS 204 algorithm 24, skEncode
 *
 * which determines its public key: t = A·s1 + s2 with A from ρ, t1 and t0 by Power2Round, tr = SHAKE256(pk, 64). Only
 * K, from which signing draws its randomness, is tied to nothing and can hold anything.
 */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { ML_DSA, type MlDsaParameterSetName } from './parameter-sets.ts';
import {
  addProduct,
  D,
  inverseNtt,
  newPolynomial,
  ntt,
  pack,
  power2Round,
  sampleUniform,
  unpack,
  type Polynomial,
} from './polynomial.ts';

/** FIPS 204 table 1. */
const DIMENSIONS = Object.freeze({
  'ml-dsa-44': { k: 4, l: 4, eta: 2, etaBits: 3 },
  'ml-dsa-65': { k: 6, l: 5, eta: 4, etaBits: 4 },
  'ml-dsa-87': { k: 8, l: 7, eta: 2, etaBits: 3 },
}) satisfies Record<MlDsaParameterSetName, unknown>;

/** bitlen(q - 1) - d (algorithm 22, pkEncode). */
const T1_BITS = 10;

interface DecodedKey {
  readonly rho: Uint8Array;
  readonly tr: Uint8Array;
  readonly s1: readonly Polynomial[];
  readonly s2: readonly Polynomial[];
  readonly t0: readonly Polynomial[];
}

/** The public key that belongs to `expandedKey`. Throws PkiError invalid-private-key on any mismatch. */
export function publicKeyOf(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Uint8Array {
  const { expandedKeyLength } = ML_DSA[parameterSet];
  if (expandedKey.length !== expandedKeyLength)
    throw new PkiError(
      'invalid-private-key',
      `an expanded ${parameterSet} private key has ${expandedKeyLength} octets, not ${expandedKey.length}`,
    );
  const key = decode(parameterSet, expandedKey);
  try {
    return check(parameterSet, key);
  } finally {
    wipe([...key.s1, ...key.s2, ...key.t0]);
  }
}

function check(parameterSet: MlDsaParameterSetName, key: DecodedKey): Uint8Array {
  const { eta } = DIMENSIONS[parameterSet];
  // Algorithm 25 asks this of keys from elsewhere: the encoding has room for more.
  if (key.s1.concat(key.s2).some((polynomial) => polynomial.some((c) => Math.abs(c) > eta)))
    throw damaged(parameterSet, `s1 or s2 has a coefficient beyond ±${eta}`);
  const t = roundedKeyVector(key);
  if (t.some(({ low }, row) => low.some((c, i) => c !== key.t0[row]?.[i])))
    throw damaged(parameterSet, 't0 is not what rho, s1 and s2 give');
  const publicKey = Buffer.concat([key.rho, ...t.map(({ high }) => pack(high, T1_BITS))]);
  if (!hash('shake256', publicKey, { outputEncoding: 'buffer', outputLength: 64 }).equals(key.tr))
    throw damaged(parameterSet, 'tr is not the hash of its public key');
  return new Uint8Array(publicKey);
}

/** Algorithm 6, lines 5 and 6: Power2Round of t = NTT⁻¹(Â ∘ NTT(s1)) + s2, row by row. */
function roundedKeyVector({ rho, s1, s2 }: DecodedKey): { high: Polynomial; low: Polynomial }[] {
  const transformed = s1.map((polynomial) => polynomial.slice());
  transformed.forEach(ntt);
  const rows = s2.map((error, row) => {
    const t = newPolynomial();
    // Algorithm 32, ExpandA: the column stands before the row.
    transformed.forEach((s, column) => addProduct(t, sampleUniform(Buffer.of(...rho, column, row)), s));
    inverseNtt(t);
    return power2Round(t.map((c, i) => c + (error[i] ?? 0)));
  });
  wipe(transformed);
  return rows;
}

/** Algorithm 25, skDecode. */
function decode(parameterSet: MlDsaParameterSetName, octets: Uint8Array): DecodedKey {
  const { k, l, eta, etaBits } = DIMENSIONS[parameterSet];
  let offset = 128;
  const vector = (dimension: number, bits: number, upper: number): Polynomial[] =>
    Array.from({ length: dimension }, () => {
      const start = offset;
      offset += 32 * bits;
      return unpack(octets.subarray(start, offset), bits, upper);
    });
  return {
    rho: octets.subarray(0, 32),
    tr: octets.subarray(64, 128),
    s1: vector(l, etaBits, eta),
    s2: vector(k, etaBits, eta),
    t0: vector(k, D, 1 << (D - 1)),
  };
}

function wipe(polynomials: readonly Polynomial[]): void {
  for (const polynomial of polynomials) polynomial.fill(0);
}

const damaged = (parameterSet: MlDsaParameterSetName, fault: string): PkiError =>
  new PkiError('invalid-private-key', `the expanded ${parameterSet} private key is damaged: its ${fault}`);
