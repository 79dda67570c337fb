import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { namedBits, TAG } from '../../formats/der/writer.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import { invalidExtension } from './extension.ts';

/** KeyUsage ::= BIT STRING, in the order of its bits (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export const encodeKeyUsage = (usages: readonly KeyUsage[]): Der =>
  namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));

/** Throws PkiError invalid-extension. */
export function readKeyUsage(value: Der, reading: Reading = STRICT): KeyUsage[] {
  const { tag, contents } = elementOf(value);
  const usages = KEY_USAGES.filter((_, bit) => isBitSet(contents, bit));
  // X.690 §11.2.2: trailing zero bits are omitted
  if (Buffer.compare(encodeKeyUsage(usages), value) !== 0) {
    const fault = invalidExtension(
      'KeyUsage must be a BIT STRING of the nine bits of RFC 5280 without trailing zero bits',
    );
    if (!hasKnownBits(tag, contents)) throw fault;
    reading.tolerate('bit-string', fault);
  }
  // RFC 5280 §4.2.1.3
  if (usages.length === 0) throw invalidExtension('KeyUsage must have at least one bit set');
  return usages;
}

/** Some CAs wrote trailing zero bits, which {@link readKeyUsage} rejects; the usages are clear all the same. */
export function describeKeyUsage(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  if (!hasKnownBits(tag, contents)) return readKeyUsage(value);
  return KEY_USAGES.filter((_, bit) => isBitSet(contents, bit));
}

const hasKnownBits = (tag: number, contents: Uint8Array): boolean =>
  tag === TAG.bitString && contents.length <= MAX_LENGTH && !isBitSet(contents, KEY_USAGES.length);

/** Of the contents with nine bits. */
const MAX_LENGTH = 3;

/** Reads bit `index` of the contents of a BIT STRING; bit 0 is the first. */
export const isBitSet = (contents: Uint8Array, index: number): boolean =>
  ((contents[1 + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0;
