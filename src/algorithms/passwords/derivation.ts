/** Keys that are derived from passwords, computed by node:crypto on libuv's thread pool. */

import { pbkdf2 as nodePbkdf2, scrypt as nodeScrypt } from 'node:crypto';
import { promisified } from '../async-crypto.ts';
import { countSecret } from '../secret-objects.ts';

/** The digest of HMAC in PBKDF2. */
export type Prf = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** In octets (FIPS 180-4 §1). */
export const DIGEST_LENGTH: Readonly<Record<Prf, number>> = Object.freeze({
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
});

/** RFC 8018 §5.2. */
export interface Pbkdf2Parameters {
  readonly kdf: 'pbkdf2';
  readonly prf: Prf;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** RFC 7914 §2: N, r and p. */
export interface ScryptParameters {
  readonly kdf: 'scrypt';
  readonly salt: Uint8Array;
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

export type DerivationParameters = Pbkdf2Parameters | ScryptParameters;

/** Returns `length` octets, which the caller zeroes. {@link PasswordWork} has limited the parameters. */
export async function deriveKey(
  password: Uint8Array,
  parameters: DerivationParameters,
  length: number,
): Promise<Uint8Array> {
  const [key] = await promisified<[Buffer]>((done) =>
    parameters.kdf === 'pbkdf2'
      ? nodePbkdf2(password, parameters.salt, parameters.iterations, length, parameters.prf, done)
      : nodeScrypt(password, parameters.salt, length, scryptOptions(parameters), done),
  );
  countSecret();
  return key;
}

/** In octets, for the large array of scrypt (RFC 7914 §5). */
export const scryptMemory = ({ cost, blockSize }: ScryptParameters): number => 128 * cost * blockSize;

const scryptOptions = (parameters: ScryptParameters) => ({
  N: parameters.cost,
  r: parameters.blockSize,
  p: parameters.parallelization,
  // OpenSSL counts the small arrays too
  maxmem: 2 * scryptMemory(parameters) + 128 * parameters.blockSize * (parameters.parallelization + 2),
});
