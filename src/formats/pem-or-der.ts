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
  const octets = decodePemOrDer(text, expected, reading);
  try {
    return requireKind(octets, expected, reading);
  } catch (error) {
    octets.fill(0);
    throw error;
  }
}

/** Returns the octets in `text`, unread. Throws PkiError invalid-encoding or encrypted-private-key. */
export const decodePemOrDer = (
  text: string | Uint8Array,
  expected: PemLabel,
  reading: Reading = STRICT,
): Uint8Array => decode(typeof text === 'string' ? encoder.encode(text) : text, expected, reading);

function decode(octets: Uint8Array, expected: PemLabel, reading: Reading): Uint8Array {
  if (looksLikePem(octets)) return decodePem(octets, expected, reading);
  const inner = decodeOuterBase64(octets, expected);
  if (!isPemText(inner)) return inner;
  try {
    return decodePem(inner, expected, reading);
  } finally {
    inner.fill(0);
  }
}

/** Returns the octets that a caller sent as base64: PEM text or DER. */
export const decodeOuterBase64 = (octets: Uint8Array, expected: PemLabel): Uint8Array =>
  decoderFor(expected)(octets, 'The text (PEM, or base64 of PEM or DER)');

/** Distinguishes PEM text from DER. */
export const isPemText = (octets: Uint8Array): boolean => !isLongSequence(octets) && looksLikePem(octets);

/** The digit 0 has the octet of a SEQUENCE; the long form of the length distinguishes DER from text that begins with 0. */
const isLongSequence = ([tag, length = 0]: Uint8Array): boolean => tag === TAG.sequence && length >= 0x80;

function requireKind(octets: Uint8Array, expected: PemLabel, reading: Reading): ReceivedValue {
  requireSequence(octets, expected);
  const { received, der } = expectReceivedKind(octets, [expected], reading);
  return { received, der };
}

/** Throws PkiError invalid-encoding for octets that are not even the beginning of a structure. */
export function requireSequence(octets: Uint8Array, expected: PemLabel): void {
  if (octets[0] === TAG.sequence) return;
  throw new PkiError('invalid-encoding', `The text contains neither PEM nor DER of a ${expected}`);
}
