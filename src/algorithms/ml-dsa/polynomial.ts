/** Arithmetic of ML-DSA on polynomials of 256 coefficients modulo q (FIPS 204 §2.3, §7). */

import { hash } from 'node:crypto';

export type Polynomial = Int32Array;

const N = 256;
/** FIPS 204 table 1: the modulus, the 512th root of unity ζ, the bits that are dropped from t. */
const Q = 8380417;
const ZETA = 1753;
export const D = 13;
/** 256⁻¹ mod q (algorithm 42). */
const INVERSE_OF_256 = 8347681;
/** More than these octets are needed with a probability below 2⁻²⁵⁶ (FIPS 204 appendix C). */
const REJECTION_SAMPLING_OCTETS = 894;

export const newPolynomial = (): Polynomial => new Int32Array(N);

/** ζ^BitRev8(m) mod q (FIPS 204 appendix B). */
const ZETAS = Int32Array.from(zetas());

function zetas(): number[] {
  const powers = [1];
  for (let i = 1; i < N; i += 1) powers.push(((powers.at(-1) ?? 0) * ZETA) % Q);
  return powers.map((_, m) => powers[reversedBits(m)] ?? 0);
}

/** Algorithm 43, BitRev8. */
function reversedBits(m: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) reversed |= ((m >> bit) & 1) << (7 - bit);
  return reversed;
}

/** Algorithm 41, NTT, in place. Coefficients may be negative, here and below: only their class modulo q counts. */
export function ntt(w: Polynomial): void {
  let m = 0;
  for (let half = 128; half >= 1; half >>= 1) {
    for (let start = 0; start < N; start += 2 * half) {
      m += 1;
      const zeta = ZETAS[m] ?? 0;
      for (let j = start; j < start + half; j += 1) {
        const even = w[j] ?? 0;
        const odd = (zeta * (w[j + half] ?? 0)) % Q;
        w[j] = (even + odd) % Q;
        w[j + half] = (even - odd) % Q;
      }
    }
  }
}

/** Algorithm 42, NTT⁻¹, in place. */
export function inverseNtt(w: Polynomial): void {
  let m = N;
  for (let half = 1; half < N; half <<= 1) {
    for (let start = 0; start < N; start += 2 * half) {
      m -= 1;
      const zeta = -(ZETAS[m] ?? 0);
      for (let j = start; j < start + half; j += 1) {
        const even = w[j] ?? 0;
        const odd = w[j + half] ?? 0;
        w[j] = (even + odd) % Q;
        w[j + half] = (zeta * (even - odd)) % Q;
      }
    }
  }
  for (let j = 0; j < N; j += 1) w[j] = ((w[j] ?? 0) * INVERSE_OF_256) % Q;
}

/** Algorithms 44 and 45: adds a ∘ b to `sum`; all three are in the transformed domain. */
export function addProduct(sum: Polynomial, a: Polynomial, b: Polynomial): void {
  for (let i = 0; i < N; i += 1) sum[i] = ((sum[i] ?? 0) + (a[i] ?? 0) * (b[i] ?? 0)) % Q;
}

/** Algorithm 30, RejNTTPoly, of the 34 octets of `seed`; algorithm 14 makes a coefficient of three octets. */
export function sampleUniform(seed: Uint8Array): Polynomial {
  const octets = hash('shake128', seed, {
    outputEncoding: 'buffer',
    outputLength: REJECTION_SAMPLING_OCTETS,
  });
  const polynomial = newPolynomial();
  let found = 0;
  for (let i = 0; i < octets.length && found < N; i += 3) {
    const candidate = octets.readUIntLE(i, 3) & 0x7fffff;
    if (candidate < Q) polynomial[found++] = candidate;
  }
  if (found < N) throw new Error('RejNTTPoly ran out of octets');
  return polynomial;
}

/** Algorithm 35, Power2Round: t ≡ high·2¹³ + low (mod q) with -2¹² < low ≤ 2¹². */
export function power2Round(t: Polynomial): { high: Polynomial; low: Polynomial } {
  const positive = t.map((c) => ((c % Q) + Q) % Q);
  const low = positive.map((c) => {
    const residue = c & ((1 << D) - 1);
    return residue > 1 << (D - 1) ? residue - (1 << D) : residue;
  });
  return { high: positive.map((c, i) => (c - (low[i] ?? 0)) >> D), low };
}

/** Algorithm 19, BitUnpack: each coefficient is packed, in `bits` bits, as its distance from `upper`. */
export function unpack(octets: Uint8Array, bits: number, upper: number): Polynomial {
  const polynomial = newPolynomial();
  let buffer = 0;
  let filled = 0;
  let found = 0;
  for (const octet of octets) {
    buffer |= octet << filled;
    for (filled += 8; filled >= bits; filled -= bits) {
      polynomial[found++] = upper - (buffer & ((1 << bits) - 1));
      buffer >>>= bits;
    }
  }
  return polynomial;
}

/** Algorithm 16, SimpleBitPack. */
export function pack(polynomial: Polynomial, bits: number): Uint8Array {
  const octets = new Uint8Array((N * bits) / 8);
  let buffer = 0;
  let filled = 0;
  let made = 0;
  for (const number of polynomial) {
    buffer |= number << filled;
    for (filled += bits; filled >= 8; filled -= 8) {
      octets[made++] = buffer & 0xff;
      buffer >>>= 8;
    }
  }
  return octets;
}
