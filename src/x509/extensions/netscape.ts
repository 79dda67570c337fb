/** Extensions of Netscape, which old certificates have. */

import type { Der } from '../../formats/der/header.ts';
import { decodeText, elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { escapeHidden } from '../names/printable-text.ts';
import { invalidExtension } from './extension.ts';
import { isBitSet } from './key-usage.ts';

/** BIT STRING, in the order of its bits. */
const CERT_TYPES = [
  'sslClient',
  'sslServer',
  'smime',
  'objectSigning',
  'reserved',
  'sslCA',
  'smimeCA',
  'objectSigningCA',
];

export function describeNetscapeCertType(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  if (tag === TAG.bitString) return CERT_TYPES.filter((_, bit) => isBitSet(contents, bit));
  throw invalidExtension('netscape-cert-type must be a BIT STRING');
}

/** IA5String */
export function describeNetscapeComment(value: Der): string[] {
  const text = decodeText(elementOf(value));
  if (text !== undefined) return [escapeHidden(text)];
  throw invalidExtension('netscape-comment must be a string');
}
