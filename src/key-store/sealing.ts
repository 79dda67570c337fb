/**
 * A sealed key: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits.
 *
 *     version       1 octet, 1
 *     sealing key   8 octets, names the key
 *     nonce        12 octets
 *     ciphertext    as long as the plaintext
 *     tag          16 octets
 *
 * The additional data are the first two fields, then the identity: the authority id and the key id, each with its length
 * in two octets. So a sealed key opens in its own row of the store only.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyIdentity } from './key-store.ts';
import { SEALING_KEY_ID_LENGTH, type SealingKey } from './sealing-key.ts';

const VERSION = 1;
const HEADER_LENGTH = 1 + SEALING_KEY_ID_LENGTH;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const OVERHEAD = HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH;

/** Why a sealed key does not open: its sealing key is not here, or it was changed or is that of another identity. */
export type SealFault = 'unknown-sealing-key' | 'damaged';

export class SealError extends Error {
  readonly fault: SealFault;

  constructor(fault: SealFault) {
    super(`The sealed key does not open: ${fault}`);
    this.name = 'SealError';
    this.fault = fault;
  }
}

/** `plaintext` remains the caller's to zero. */
export function seal({ id, secret }: SealingKey, identity: KeyIdentity, plaintext: Uint8Array): Uint8Array {
  const header = Buffer.concat([Buffer.of(VERSION), id]);
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(additionalData(header, identity));
  const ciphertext = [cipher.update(plaintext), cipher.final()];
  return new Uint8Array(Buffer.concat([header, nonce, ...ciphertext, cipher.getAuthTag()]));
}

/** Returns the plaintext, which the caller zeroes. Throws SealError. */
export function unseal(keys: readonly SealingKey[], identity: KeyIdentity, sealed: Uint8Array): Uint8Array {
  if (sealed.length < OVERHEAD || sealed[0] !== VERSION) throw new SealError('damaged');
  const key = keys.find((candidate) => isSealedBy(candidate, sealed));
  if (key === undefined) throw new SealError('unknown-sealing-key');
  const body = sealed.subarray(HEADER_LENGTH);
  const decipher = createDecipheriv('aes-256-gcm', key.secret, body.subarray(0, NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(additionalData(sealed.subarray(0, HEADER_LENGTH), identity));
  decipher.setAuthTag(body.subarray(-TAG_LENGTH));
  const plaintext = decipher.update(body.subarray(NONCE_LENGTH, -TAG_LENGTH));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    throw new SealError('damaged');
  }
}

export const isSealedBy = ({ id }: SealingKey, sealed: Uint8Array): boolean =>
  Buffer.compare(sealed.subarray(1, HEADER_LENGTH), id) === 0;

function additionalData(header: Uint8Array, { authorityId, keyId }: KeyIdentity): Buffer {
  return Buffer.concat([header, ...[authorityId, keyId].flatMap(withLength)]);
}

function withLength(text: string): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return [length, Buffer.from(text)];
}
