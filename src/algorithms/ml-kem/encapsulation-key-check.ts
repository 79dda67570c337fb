/** q of ML-KEM (FIPS 203 §8). */
const Q = 3329;

/** Length of ρ, which follows the coefficients. */
const SEED_LENGTH = 32;

/**
 * Whether every coefficient is below q, the modulus check of FIPS 203 §7.2. `publicKey` is ek, in the length of its
 * parameter set: coefficients of 12 bits, two in three octets (ByteEncode12, algorithm 5).
 */
export function hasReducedCoefficients(publicKey: Uint8Array): boolean {
  for (let i = 0; i < publicKey.length - SEED_LENGTH; i += 3) {
    const [low = 0, middle = 0, high = 0] = publicKey.subarray(i, i + 3);
    if ((low | ((middle & 0x0f) << 8)) >= Q || ((middle >> 4) | (high << 4)) >= Q) return false;
  }
  return true;
}
