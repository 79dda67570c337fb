/** The forms in which certificates, requests and keys are accepted: base64 of PEM, PEM, base64 of DER. */

import { PkiError } from '../base/errors.ts';
import { TAG } from './der/writer.ts';
import type { PemLabel } from './pem-label.ts';
import { decodePem, decoderFor, looksLikePem } from './pem.ts';
import { expectReceivedKind } from './identify.ts';
import type { ReceivedValue } from './der/lenient.ts';
import { STRICT, type Reading } from './reading.ts';

const encoder = new TextEncoder();

/**
 * Returns the content of `text` as received and as DER; the caller zeroes both when they are secret. Throws PkiError
 * invalid-encoding, encrypted-private-key, or invalid-der.
 */
export function readPemOrDer(
  text: string | Uint8Array,
  expected: PemLabel,
  reading: Reading = STRICT,
): ReceivedValue {
  const octets = decode(typeof text === 'string' ? encoder.encode(text) : text, expected);
  try {
    return requireKind(octets, expected, reading);
  } catch (error) {
    octets.fill(0);
    throw error;
  }
}

function decode(octets: Uint8Array, expected: PemLabel): Uint8Array {
  if (looksLikePem(octets)) return decodePem(octets, expected);
  const inner = decoderFor(expected)(octets, 'The text (PEM, or base64 of PEM or DER)');
  if (isLongSequence(inner) || !looksLikePem(inner)) return inner;
  try {
    return decodePem(inner, expected);
  } finally {
    inner.fill(0);
  }
}

/** The digit 0 has the octet of a SEQUENCE; the long form of the length distinguishes DER from text that begins with 0. */
const isLongSequence = ([tag, length = 0]: Uint8Array): boolean => tag === TAG.sequence && length >= 0x80;

function requireKind(octets: Uint8Array, expected: PemLabel, reading: Reading): ReceivedValue {
  if (octets[0] === TAG.sequence) return expectReceivedKind(octets, expected, reading);
  throw new PkiError('invalid-encoding', `The text contains neither PEM nor DER of a ${expected}`);
}
