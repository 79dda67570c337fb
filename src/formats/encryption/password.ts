/** A password for encrypted input, and how much work its use may cost. */

import { transcode } from 'node:buffer';
import {
  scryptMemory,
  type DerivationParameters,
  DIGEST_LENGTH,
} from '../../algorithms/passwords/derivation.ts';
import { PkiError } from '../../base/errors.ts';
import { asBuffer } from '../../base/octets.ts';
import { unsupported } from '../algorithm-identifier.ts';

/**
 * PBKDF2: iterations, once for each block of the digest. 2,000,000 take 0.3 to 0.8 s of one thread. OWASP recommends 600,000
 * for SHA-256.
 */
export const MAX_ITERATIONS = 2_000_000;

/** Of the derivation of PKCS #12, which runs on the event loop, in slices. Java writes 10,000, OpenSSL 2048. */
export const MAX_PKCS12_ITERATIONS = 200_000;

/** In octets. OpenSSL writes 16 MiB. */
export const MAX_SCRYPT_MEMORY = 64 * 1024 * 1024;

/** N * r * p; twice what the largest memory needs with p = 1. */
const MAX_SCRYPT_WORK = 2 ** 20;

/** What one input may still cost. A file of PKCS #12 has several derivations. */
export class PasswordWork {
  #iterations = MAX_ITERATIONS;
  #pkcs12Iterations = MAX_PKCS12_ITERATIONS;
  #scryptWork = MAX_SCRYPT_WORK;

  /** `length` is that of the key, in octets. Throws PkiError unsupported-algorithm before any work. */
  spend(parameters: DerivationParameters, length: number): void {
    if (parameters.kdf === 'scrypt') {
      if (scryptMemory(parameters) > MAX_SCRYPT_MEMORY)
        throw unsupported(
          `scrypt with N = ${parameters.cost} and r = ${parameters.blockSize} needs more than the limit of 64 MiB of memory`,
        );
      this.#scryptWork -= parameters.cost * parameters.blockSize * parameters.parallelization;
      if (this.#scryptWork < 0) throw unsupported('scrypt has more work than N * r * p = 1048576, the limit');
      return;
    }
    this.#iterations -= parameters.iterations * Math.ceil(length / DIGEST_LENGTH[parameters.prf]);
    if (this.#iterations < 0)
      throw tooMany(
        `PBKDF2 has ${parameters.iterations} iterations of HMAC-${parameters.prf}`,
        MAX_ITERATIONS,
      );
  }

  /** For the derivation of PKCS #12. */
  spendPkcs12(iterations: number): void {
    this.#pkcs12Iterations -= iterations;
    if (this.#pkcs12Iterations < 0)
      throw tooMany(`The PKCS #12 file has ${iterations} iterations`, MAX_PKCS12_ITERATIONS);
  }
}

const tooMany = (sentence: string, limit: number): PkiError =>
  unsupported(`${sentence}; the limit for one file, counted for each block of the digest, is ${limit}`);

/** Returns the octets of PKCS #12 (RFC 7292 appendix B.1), which the caller zeroes: UTF-16BE and two zero octets. */
export function bmpPassword(utf8: Uint8Array): Uint8Array {
  const text = transcode(asBuffer(utf8), 'utf8', 'utf16le');
  const octets = Buffer.alloc(text.length + 2);
  text.copy(octets);
  text.fill(0);
  return octets.swap16();
}

export const wrongPassword = (): PkiError =>
  new PkiError('wrong-password', 'The password does not decrypt the file, or the file is damaged');
