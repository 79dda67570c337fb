/** Checks of public keys that several families share, and the encoding that all of them write. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';
import { encodeAlgorithmIdentifier, type AlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { encodeSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { SubjectPublicKey } from './family.ts';
import type { PublicKey } from './key.ts';

/** Returns `key` as it is when it has this `algorithm` and these `bits`, and otherwise a new encoding of both. */
export function encodedAs(
  key: SubjectPublicKey,
  algorithm: AlgorithmIdentifier,
  bits: Uint8Array,
): Pick<PublicKey, 'spki' | 'bits'> {
  if (algorithm === key.algorithm && bits === key.bits) return { spki: key.spki, bits };
  const { oid, parameters } = algorithm;
  const spki = encodeSubjectPublicKeyInfo(encodeAlgorithmIdentifier(oid, parameters), bits);
  return { spki, bits: spki.subarray(spki.length - bits.length) };
}

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
