/** Checks that several families share. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';

/** Returns the key for node:crypto, which checks it. `title` is its algorithm. Throws PkiError invalid-public-key. */
export function keyObjectOf(title: string, spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
  } catch {
    throw invalidPublicKey(`The public key is not a valid ${title} key`);
  }
}

/** `subject` begins the message. Throws PkiError invalid-public-key. */
export function requireLength(subject: string, bits: Uint8Array, length: number): void {
  if (bits.length !== length)
    throw invalidPublicKey(`${subject} must have ${length} octets, got ${bits.length}`);
}

export const invalidPublicKey = (sentence: string): PkiError => new PkiError('invalid-public-key', sentence);
