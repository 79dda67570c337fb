/** The identifiers that programs give a key: each in capital hexadecimal with colons. */

import { hash } from 'node:crypto';
import { hexadecimal } from '../../base/hexadecimal.ts';

export interface KeyIdentifiers {
  /** RFC 7093 §2 method 1 to 3: the leftmost 160 bits of SHA-256, SHA-384 and SHA-512 of the public key. */
  readonly rfc7093Method1: string;
  readonly rfc7093Method2: string;
  readonly rfc7093Method3: string;
  /** RFC 7093 §2 method 4, with SHA-256: the hash of the SubjectPublicKeyInfo, all 256 bits. */
  readonly rfc7093Method4: string;
  /** RFC 5280 §4.2.1.2 method 1: SHA-1 of the public key. */
  readonly rfc5280Method1: string;
  /** RFC 5280 §4.2.1.2 method 2: the bits 0100, and the last 60 bits of SHA-1. */
  readonly rfc5280Method2: string;
}

/** In octets: 160 bits. */
const LENGTH = 20;

/** `bits` are the octets of subjectPublicKey in `spki`. */
export function keyIdentifiers(spki: Uint8Array, bits: Uint8Array): KeyIdentifiers {
  const leftmost = (digest: string): string => hexadecimal(hash(digest, bits, 'buffer').subarray(0, LENGTH));
  return {
    rfc7093Method1: leftmost('sha256'),
    rfc7093Method2: leftmost('sha384'),
    rfc7093Method3: leftmost('sha512'),
    rfc7093Method4: hexadecimal(hash('sha256', spki, 'buffer')),
    rfc5280Method1: leftmost('sha1'),
    rfc5280Method2: hexadecimal(shortIdentifier(bits)),
  };
}

function shortIdentifier(bits: Uint8Array): Uint8Array {
  const last = Uint8Array.from(hash('sha1', bits, 'buffer').subarray(-8));
  last[0] = 0x40 | ((last[0] ?? 0) & 0x0f);
  return last;
}
