/** The key that seals the keys of authorities: 256 bits, from a file of the operator. */

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import { offHeapCopy } from '../base/octets.ts';
import { decodeBase64 } from '../formats/base64.ts';

export interface SealingKey {
  /** Names the key in what it seals, and reveals nothing about it. */
  readonly id: Uint8Array;
  readonly secret: KeyObject;
}

export const SEALING_KEY_LENGTH = 32;
export const SEALING_KEY_ID_LENGTH = 8;

/** Thrown for a file without a key. The message says what is expected, and shows nothing of the file. */
export class SealingKeyError extends Error {
  constructor() {
    super('must contain a key of 32 octets: the octets, or one line with their base64 or hexadecimal');
    this.name = 'SealingKeyError';
  }
}

/** Reads the content of a key file, and zeroes it. Throws SealingKeyError. */
export function parseSealingKey(content: Uint8Array): SealingKey {
  const octets = decodeKey(content);
  content.fill(0);
  if (octets?.length !== SEALING_KEY_LENGTH) throw new SealingKeyError();
  try {
    return sealingKeyOf(octets);
  } finally {
    octets.fill(0);
  }
}

/** `octets` remain the caller's to zero. */
export const sealingKeyOf = (octets: Uint8Array): SealingKey => ({
  id: createHmac('sha256', octets).update('key id').digest().subarray(0, SEALING_KEY_ID_LENGTH),
  secret: createSecretKey(octets),
});

/** 64 hexadecimal digits, CR and LF. */
const LONGEST_FILE = 66;

/** A key must not become a string, so this works on octets. Returns undefined for anything else. */
function decodeKey(content: Uint8Array): Uint8Array | undefined {
  if (content.length === SEALING_KEY_LENGTH) return offHeapCopy(content);
  if (content.length > LONGEST_FILE) return undefined;
  return decodeHexadecimal(content) ?? decodeLine(content);
}

function decodeLine(content: Uint8Array): Uint8Array | undefined {
  try {
    return decodeBase64(content);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const DIGITS = 2 * SEALING_KEY_LENGTH;

function decodeHexadecimal(content: Uint8Array): Uint8Array | undefined {
  if (content.length < DIGITS || !content.subarray(DIGITS).every(isLineEnd)) return undefined;
  const octets = new Uint8Array(new ArrayBuffer(SEALING_KEY_LENGTH));
  for (const [index, code] of content.subarray(0, DIGITS).entries()) {
    const digit = digitOf(code);
    if (digit === undefined) return undefined;
    octets[index >> 1] = ((octets[index >> 1] ?? 0) << 4) | digit;
  }
  return octets;
}

const isLineEnd = (code: number): boolean => code === 0x0a || code === 0x0d;

function digitOf(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : undefined;
}
