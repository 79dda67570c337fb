/** The ciphers of encrypted private keys. The content has some thousand octets, so it is computed on the event loop. */

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { countSecret } from '../secret-objects.ts';

/** Key lengths in octets. A tag is the end of the encrypted octets. */
export const CIPHERS = Object.freeze({
  'aes-128-cbc': { keyLength: 16, ivLength: 16, tagLength: 0 },
  'aes-192-cbc': { keyLength: 24, ivLength: 16, tagLength: 0 },
  'aes-256-cbc': { keyLength: 32, ivLength: 16, tagLength: 0 },
  'aes-128-gcm': { keyLength: 16, ivLength: 12, tagLength: 16 },
  'aes-192-gcm': { keyLength: 24, ivLength: 12, tagLength: 16 },
  'aes-256-gcm': { keyLength: 32, ivLength: 12, tagLength: 16 },
  'des-ede3-cbc': { keyLength: 24, ivLength: 8, tagLength: 0 },
});

export type CipherName = keyof typeof CIPHERS;

export interface CipherUse {
  readonly cipher: CipherName;
  readonly iv: Uint8Array;
  /** In octets; that of {@link CIPHERS} unless given. */
  readonly tagLength?: number;
}

/** Returns a new array. */
export function encrypt({ cipher, iv }: CipherUse, key: Uint8Array, plain: Uint8Array): Uint8Array {
  countSecret();
  if (isGcm(cipher)) {
    const gcm = createCipheriv(cipher, key, iv);
    return Buffer.concat([gcm.update(plain), gcm.final(), gcm.getAuthTag()]);
  }
  const cbc = createCipheriv(cipher, key, iv);
  return Buffer.concat([cbc.update(plain), cbc.final()]);
}

/** Returns a new array, which the caller zeroes; undefined when the key is wrong or the octets were changed. */
export function decrypt(use: CipherUse, key: Uint8Array, encrypted: Uint8Array): Uint8Array | undefined {
  const { tagLength = CIPHERS[use.cipher].tagLength } = use;
  if (encrypted.length < tagLength) return undefined;
  const decipher = decipherOf(use, key, encrypted.subarray(encrypted.length - tagLength));
  const plain = decipher.update(encrypted.subarray(0, encrypted.length - tagLength));
  try {
    const last = decipher.final();
    const whole = Buffer.concat([plain, last]);
    last.fill(0);
    return whole;
  } catch {
    return undefined;
  } finally {
    plain.fill(0);
  }
}

function decipherOf({ cipher, iv }: CipherUse, key: Uint8Array, tag: Uint8Array) {
  countSecret();
  if (!isGcm(cipher)) return createDecipheriv(cipher, key, iv);
  return createDecipheriv(cipher, key, iv, { authTagLength: tag.length }).setAuthTag(tag);
}

type GcmName = Extract<CipherName, `${string}-gcm`>;

const isGcm = (cipher: CipherName): cipher is GcmName => CIPHERS[cipher].tagLength > 0;
