/**
 * The check of an expanded ML-DSA private key
 *
 *   sk = ρ (32) ‖ K (32) ‖ tr (64) ‖ s1 (ℓ polynomials) ‖ s2 (k) ‖ t0 (k)     -- FIPS 204 algorithm 24, skEncode
 *
 * ρ, s1 and s2 determine the public key and every other part except K: t = A·s1 + s2 = t1·2¹³ + t0, pk = ρ ‖ t1 and
 * tr = SHAKE256(pk, 64). K, the secret from which signing derives its randomness, can have any value.
 *
 * noble computes; its own getPublicKey checks neither t0 nor tr (docs/decisions/2026-11-28-expanded-key-check.md).
 */

import { hash } from 'node:crypto';
import { genCrystals } from '@noble/post-quantum/_crystals.js';
import { PkiError } from '../../base/errors.ts';
import { inconsistentKey } from './engine.ts';
import { ML_DSA, standardName, type MlDsaParameterSetName } from './parameter-sets.ts';

type Polynomial = Int32Array;

const N = 256;
/** FIPS 204 table 1. */
const Q = 8380417;
const D = 13;
/** FIPS 204 appendix C: a probability below 2⁻²⁵⁶ that more octets are needed. */
const REJECTION_SAMPLING_OCTETS = 894;

const newPolynomial = (): Polynomial => new Int32Array(N);

/** F is 256⁻¹ mod q (FIPS 204 algorithm 42). */
const { NTT, bitsCoder } = genCrystals<Polynomial>({
  N,
  Q,
  F: 8347681,
  ROOT_OF_UNITY: 1753,
  newPoly: newPolynomial,
  isKyber: false,
  brvBits: 8,
});

/** FIPS 204 algorithms 17 and 19, BitPack: a coefficient is encoded as its distance from `upper`. */
const bitPack = (bits: number, upper: number) =>
  bitsCoder(bits, { encode: (c) => upper - c, decode: (distance) => upper - distance });

const T0 = bitPack(D, 1 << (D - 1));
/** FIPS 204 algorithm 16, SimpleBitPack, with bitlen(q - 1) - d bits (algorithm 22, pkEncode). */
const T1 = bitsCoder(10, { encode: (c) => c, decode: (c) => c });

/** FIPS 204 table 1; `secret` encodes s1 and s2. */
const PARAMETERS = Object.freeze({
  'ml-dsa-44': { k: 4, l: 4, eta: 2, secret: bitPack(3, 2) },
  'ml-dsa-65': { k: 6, l: 5, eta: 4, secret: bitPack(4, 4) },
  'ml-dsa-87': { k: 8, l: 7, eta: 2, secret: bitPack(3, 2) },
}) satisfies Record<MlDsaParameterSetName, unknown>;

interface DecodedKey {
  readonly parameterSet: MlDsaParameterSetName;
  readonly rho: Uint8Array;
  readonly tr: Uint8Array;
  readonly s1: readonly Polynomial[];
  readonly s2: readonly Polynomial[];
  readonly t0: readonly Polynomial[];
}

/** Returns the public key of `expandedKey`. Throws PkiError invalid-private-key unless every part fits the others. */
export function publicKeyOf(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Uint8Array {
  const { expandedKeyLength } = ML_DSA[parameterSet];
  if (expandedKey.length !== expandedKeyLength)
    throw new PkiError(
      'invalid-private-key',
      `An expanded ${standardName(parameterSet)} private key must have ${expandedKeyLength} octets, got ${expandedKey.length}`,
    );
  const key = decode(parameterSet, expandedKey);
  try {
    return checkedPublicKey(key);
  } finally {
    for (const polynomial of [...key.s1, ...key.s2, ...key.t0]) polynomial.fill(0);
  }
}

/** Algorithm 25, skDecode. */
function decode(parameterSet: MlDsaParameterSetName, octets: Uint8Array): DecodedKey {
  const { k, l, secret } = PARAMETERS[parameterSet];
  let offset = 128;
  const vector = (dimension: number, { bytesLen, decode }: typeof secret): Polynomial[] =>
    Array.from({ length: dimension }, () => decode(octets.subarray(offset, (offset += bytesLen))));
  return {
    parameterSet,
    rho: octets.subarray(0, 32),
    tr: octets.subarray(64, 128),
    s1: vector(l, secret),
    s2: vector(k, secret),
    t0: vector(k, T0),
  };
}

/** Overwrites s1 with NTT(s1). */
function checkedPublicKey(key: DecodedKey): Uint8Array {
  const { parameterSet, rho, tr, s1, s2 } = key;
  const { eta } = PARAMETERS[parameterSet];
  // Algorithm 25 requires this check of untrusted keys: the encoding has room for larger coefficients
  if (s1.concat(s2).some((polynomial) => polynomial.some((c) => Math.abs(c) > eta)))
    throw inconsistentKey(parameterSet, `s1 or s2 has a coefficient beyond ±${eta}`);
  for (const polynomial of s1) NTT.encode(polynomial);
  const publicKey = Buffer.concat([rho, ...s2.map((_, row) => T1.encode(highBits(key, row)))]);
  if (!hash('shake256', publicKey, { outputEncoding: 'buffer', outputLength: 64 }).equals(tr))
    throw inconsistentKey(parameterSet, 'tr is not the hash of the public key');
  return new Uint8Array(publicKey);
}

/**
 * Returns a row of t1. The given t0 has the range of Power2Round (algorithm 35), -2¹² < t0 ≤ 2¹², so t determines it: it is
 * right if and only if t - t0 is a multiple of 2¹³, which is then t1·2¹³.
 */
function highBits(key: DecodedKey, row: number): Polynomial {
  const [s2, t0] = [key.s2[row] ?? [], key.t0[row] ?? []];
  const t = product(key, row);
  for (let i = 0; i < N; i += 1) {
    const sum = ((t[i] ?? 0) + (s2[i] ?? 0) + Q) % Q;
    const difference = sum - (t0[i] ?? 0);
    if (difference % (1 << D) !== 0)
      throw inconsistentKey(key.parameterSet, 't0 does not match rho, s1 and s2');
    t[i] = difference >> D;
  }
  return t;
}

/** Returns a row of A·s1 = NTT⁻¹(Â ∘ NTT(s1)), algorithm 6 line 5. */
function product({ rho, s1 }: DecodedKey, row: number): Polynomial {
  const sum = newPolynomial();
  // Algorithm 32, ExpandA: the column comes before the row
  for (const [column, s] of s1.entries()) addProduct(sum, Buffer.of(...rho, column, row), s);
  return NTT.decode(sum);
}

/**
 * Adds a ∘ s to `sum`; a is the polynomial that algorithm 30, RejNTTPoly, samples from the 34 octets of `seed`, three octets
 * for a coefficient (algorithm 14).
 */
function addProduct(sum: Polynomial, seed: Uint8Array, s: Polynomial): void {
  const octets = hash('shake128', seed, {
    outputEncoding: 'buffer',
    outputLength: REJECTION_SAMPLING_OCTETS,
  });
  let found = 0;
  for (let i = 0; i < octets.length && found < N; i += 3) {
    const a = octets.readUIntLE(i, 3) & 0x7fffff;
    if (a >= Q) continue;
    sum[found] = ((sum[found] ?? 0) + a * (s[found] ?? 0)) % Q;
    found += 1;
  }
  if (found < N) throw new Error('RejNTTPoly needs more octets');
}
