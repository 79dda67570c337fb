/** Several certificates in one text: PEM blocks in any order, or PKCS #7. */

import { PkiError } from '../base/errors.ts';
import type { Der } from './der/header.ts';
import { expectKind, expectOneKind } from './identify.ts';
import { decodeOuterBase64, isPemText, requireSequence } from './pem-or-der.ts';
import { decodePemBlocks, looksLikePem, missingBlock } from './pem.ts';
import { readCertificatesOnly } from './signed-data.ts';

export const MAX_CERTIFICATES = 10;

const LABELS = ['CERTIFICATE', 'PKCS7'] as const;

const encoder = new TextEncoder();

/**
 * Returns the certificates of `text` in their order, as checked DER. `text` is PEM with blocks of certificates and PKCS #7,
 * base64 of such PEM, or base64 of the DER of one of them. Throws PkiError invalid-encoding or invalid-der.
 */
export function decodeCertificateBundle(text: string): Der[] {
  const found = structuresOf(encoder.encode(text)).flatMap(certificatesOf);
  if (found.length === 0) throw malformed('The PKCS #7 file contains no certificate');
  if (found.length <= MAX_CERTIFICATES) return found;
  throw malformed(`Expected at most ${MAX_CERTIFICATES} certificates, got ${found.length}`);
}

function structuresOf(octets: Uint8Array): Uint8Array[] {
  if (looksLikePem(octets)) return blocksOf(octets);
  const inner = decodeOuterBase64(octets, 'CERTIFICATE');
  return isPemText(inner) ? blocksOf(inner) : [inner];
}

function blocksOf(pem: Uint8Array): Uint8Array[] {
  const blocks = decodePemBlocks(pem, ...LABELS);
  if (blocks.length === 0) throw missingBlock('CERTIFICATE');
  return blocks;
}

function certificatesOf(octets: Uint8Array): Der[] {
  requireSequence(octets, 'CERTIFICATE');
  const { der, kind } = expectOneKind(octets, LABELS);
  return kind === 'PKCS7' ? readCertificatesOnly(der).map((one) => expectKind(one, 'CERTIFICATE')) : [der];
}

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);
