import { hash } from 'node:crypto';

const IDENTIFIER_LENGTH = 20;

/** Returns the leftmost 160 bits of the SHA-256 of the subjectPublicKey bits (RFC 7093 §2 method 1). */
export const keyIdentifier = (keyBits: Uint8Array): Uint8Array =>
  hash('sha256', keyBits, 'buffer').subarray(0, IDENTIFIER_LENGTH);
