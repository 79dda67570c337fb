/** What identifies a public key. */

import { hash } from 'node:crypto';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { keyIdentifier } from '../../x509/extensions/key-identifiers.ts';
import type { Facts } from './facts.ts';

/** `spki` is a SubjectPublicKeyInfo, and `bits` are the octets of its subjectPublicKey. */
export const keyFacts = (
  spki: Uint8Array,
  bits: Uint8Array,
): Pick<Facts, 'keyIdentifier' | 'publicKeyFingerprint'> => ({
  keyIdentifier: hexadecimal(keyIdentifier(bits)),
  publicKeyFingerprint: fingerprintOf(spki),
});

/** SHA-256, capital hexadecimal with colons. */
export const fingerprintOf = (octets: Uint8Array): string => hexadecimal(hash('sha256', octets, 'buffer'));
