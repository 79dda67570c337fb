/** The forms in which every certificate, request and key may come: base64 of PEM, PEM, base64 of DER. */

import { PkiError } from '../base/errors.ts';
import { TAG } from './der/writer.ts';
import type { PemLabel } from './pem-label.ts';
import { decodePem, decoderFor, looksLikePem } from './pem.ts';
import { expectKind } from './identify.ts';

const encoder = new TextEncoder();

/**
 * The content of `text` as strict DER, which the caller zeroes when it is secret. Throws PkiError invalid-encoding,
 * encrypted-private-key, or invalid-der.
 */
export const decodePemOrDer = (text: string | Uint8Array, wanted: PemLabel): Uint8Array =>
  decodeOctets(typeof text === 'string' ? encoder.encode(text) : text, wanted);

function decodeOctets(octets: Uint8Array, wanted: PemLabel): Uint8Array {
  const der = decode(octets, wanted);
  try {
    requireStructure(der, wanted);
    return der;
  } catch (error) {
    der.fill(0);
    throw error;
  }
}

function decode(octets: Uint8Array, wanted: PemLabel): Uint8Array {
  if (looksLikePem(octets)) return decodePem(octets, wanted);
  const inner = decoderFor(wanted)(octets, 'the text (PEM, or base64 of PEM or DER)');
  if (isLongSequence(inner) || !looksLikePem(inner)) return inner;
  try {
    return decodePem(inner, wanted);
  } finally {
    inner.fill(0);
  }
}

/** The length form tells it from text that begins with the digit 0, whose octet is that of a SEQUENCE. */
const isLongSequence = ([tag, length = 0]: Uint8Array): boolean => tag === TAG.sequence && length >= 0x80;

function requireStructure(der: Uint8Array, wanted: PemLabel): void {
  if (der[0] !== TAG.sequence)
    throw new PkiError('invalid-encoding', `there is neither PEM nor DER of a ${wanted} in the text`);
  expectKind(der, wanted);
}
