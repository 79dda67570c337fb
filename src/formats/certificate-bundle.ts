/** Several certificates in one text: PEM blocks in any order, or PKCS #7. */

import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';
import type { ReceivedValue } from './der/lenient.ts';
import { expectKind, expectReceivedKind } from './identify.ts';
import { decodeOuterBase64, isPemText, requireSequence } from './pem-or-der.ts';
import { decodePemBlocks, looksLikePem, missingBlock } from './pem.ts';
import { STRICT, type Reading } from './reading.ts';
import { readCertificatesOnly } from './signed-data.ts';

export const MAX_CERTIFICATES = 10;

const LABELS = ['CERTIFICATE', 'PKCS7'] as const;

const encoder = new TextEncoder();

/**
 * Returns the certificates of `text` in their order, as received and as DER. `text` is PEM with blocks of certificates and
 * PKCS #7, base64 of such PEM, or base64 of the DER of one of them. Throws PkiError invalid-encoding or invalid-der.
 */
export function readCertificateBundle(text: string, reading: Reading = STRICT): ReceivedValue[] {
  const found = [...certificatesIn(text, reading)];
  if (found.length <= MAX_CERTIFICATES) return found;
  throw malformed(`Expected at most ${MAX_CERTIFICATES} certificates, got ${found.length}`);
}

/** Iterates over the certificates of `text`, as {@link readCertificateBundle} reads them. Their number has no limit. */
export function* certificatesIn(text: string, reading: Reading = STRICT): Generator<ReceivedValue, void> {
  let isEmpty = true;
  for (const octets of structuresOf(encoder.encode(text), reading)) {
    for (const certificate of certificatesOf(octets, reading)) {
      isEmpty = false;
      yield certificate;
    }
  }
  if (isEmpty) throw malformed('The PKCS #7 file contains no certificate');
}

function structuresOf(octets: Uint8Array, reading: Reading): Uint8Array[] {
  if (looksLikePem(octets)) return blocksOf(octets, reading);
  const inner = decodeOuterBase64(octets, 'CERTIFICATE');
  return isPemText(inner) ? blocksOf(inner, reading) : [inner];
}

function blocksOf(pem: Uint8Array, reading: Reading): Uint8Array[] {
  const blocks = decodePemBlocks(pem, LABELS, reading);
  if (blocks.length === 0) throw missingBlock('CERTIFICATE');
  return blocks;
}

function certificatesOf(octets: Uint8Array, reading: Reading): ReceivedValue[] {
  requireSequence(octets, 'CERTIFICATE');
  const { kind, ...value } = expectReceivedKind(octets, LABELS, reading);
  return kind === 'PKCS7' ? certificatesInside(value) : [value];
}

/** PKCS #7 may be BER. The certificates inside were signed as they are, so they must be DER. */
function certificatesInside({ received, der }: ReceivedValue): ReceivedValue[] {
  return readCertificatesOnly(der).map((octets) => {
    if (!asBuffer(received).includes(asBuffer(octets)))
      throw malformed('A certificate inside the PKCS #7 file is not DER');
    return { received: octets, der: expectKind(octets, 'CERTIFICATE') };
  });
}

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);
