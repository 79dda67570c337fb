/**
 * PEM, the textual encoding of RFC 7468. Written strictly (§3 figure 1), read as laxly as figure 2 allows, except that
 * characters that are not base64 are rejected instead of skipped.
 */

import { PkiError } from '../base/errors.ts';
import { decodeBase64, decodePublicBase64, encodeBase64Lines, LINE_LENGTH } from './base64.ts';
import { concat } from './der/writer.ts';
import { asBuffer } from '../base/octets.ts';
import {
  checkLabel,
  EC_PARAMETERS,
  ENCRYPTED_PRIVATE_KEY,
  encryptedPrivateKey,
  isLabelOf,
  TRUSTED_CERTIFICATE,
  type PemLabel,
  type WrittenLabel,
} from './pem-label.ts';
import { STRICT, type Reading } from './reading.ts';
import { withoutTrustSettings } from './trusted-certificate.ts';

const encoder = new TextEncoder();

export const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const LINE_FEED = 0x0a;

/**
 * {@link encodePem} in half of the time, for content that is not secret: Node.js encodes it in one line at the end of the
 * text, and its lines move to their places.
 */
export function encodePublicPem(label: PemLabel, der: Uint8Array): Buffer {
  const begin = `${BEGIN}${label}${DASHES}\n`;
  const end = `${END}${label}${DASHES}\n`;
  const base64 = asBuffer(der).toString('base64');
  const lines = Math.ceil(base64.length / LINE_LENGTH);
  const text = Buffer.allocUnsafe(begin.length + base64.length + lines + end.length);
  let to = text.write(begin, 'latin1');
  let from = to + lines;
  const stop = from + text.write(base64, from, 'latin1');
  while (from < stop) {
    const length = Math.min(LINE_LENGTH, stop - from);
    text.copyWithin(to, from, from + length);
    from += length;
    to += length;
    text[to] = LINE_FEED;
    to += 1;
  }
  text.write(end, to, 'latin1');
  return text;
}

/** {@link encodePublicPem} as a string. */
export const encodePemString = (label: PemLabel, der: Uint8Array): string =>
  encodePublicPem(label, der).toString('latin1');

/** Returns ASCII with a line feed at the end. The caller zeroes it when `der` is secret. */
export function encodePem(label: WrittenLabel, der: Uint8Array): Uint8Array {
  const body = encodeBase64Lines(der);
  try {
    return concat([
      encoder.encode(`${BEGIN}${label}${DASHES}\n`),
      body,
      encoder.encode(`${END}${label}${DASHES}\n`),
    ]);
  } finally {
    body.fill(0);
  }
}

/**
 * Returns the content of the only PEM block of `text`; other text before and after it is ignored. Throws PkiError
 * invalid-encoding or encrypted-private-key.
 */
export const decodePem = (
  text: string | Uint8Array,
  expected: PemLabel,
  reading: Reading = STRICT,
): Uint8Array => decodeOctets(typeof text === 'string' ? encoder.encode(text) : text, expected, reading);

/** A block: its label, the base64 between its boundaries, and the offset after it. */
export interface Block {
  readonly label: string;
  readonly body: Buffer;
  readonly end: number;
}

function decodeOctets(octets: Uint8Array, expected: PemLabel, reading: Reading): Uint8Array {
  return contentOf(onlyBlock(openBlocks(octets), expected, reading), expected, reading);
}

/**
 * Returns the content of the only block of a private key, which may be encrypted (RFC 7468 §11). Certificates beside it are
 * tolerated. Throws PkiError invalid-encoding or encrypted-private-key.
 */
export function decodeKeyPem(octets: Uint8Array, reading: Reading = STRICT): Uint8Array {
  const block = onlyKeyBlock(openBlocks(octets), reading);
  return block.label === ENCRYPTED_PRIVATE_KEY
    ? decodeBase64(block.body, 'The PEM block')
    : contentOf(block, 'PRIVATE KEY', reading);
}

function onlyKeyBlock(blocks: readonly Block[], reading: Reading): Block {
  const [key, ...others] = blocks.filter(({ label }) => label !== 'CERTIFICATE');
  if (key === undefined || others.length > 0 || blocks.length === 1)
    return onlyBlock(blocks, 'PRIVATE KEY', reading);
  reading.tolerate('pem-label', severalBlocks(blocks, 'PRIVATE KEY'));
  return key;
}

/**
 * Returns the contents of all PEM blocks of `octets`, which must all have one of these labels. Throws PkiError
 * invalid-encoding.
 */
export const decodePemBlocks = (
  octets: Uint8Array,
  expected: readonly [PemLabel, ...PemLabel[]],
  reading: Reading = STRICT,
): Uint8Array[] =>
  openBlocks(octets).map((block) => {
    const label = expected.find((candidate) => isLabelOf(block.label, candidate));
    return contentOf(block, label ?? expected[0], reading);
  });

function openBlocks(octets: Uint8Array): Block[] {
  const pem = asBuffer(octets);
  rejectUtf16(pem);
  return blocksOf(pem);
}

function contentOf({ label, body }: Block, expected: PemLabel, reading: Reading): Uint8Array {
  const hasHeaders = body.includes(':');
  if (hasHeaders && expected === 'PRIVATE KEY' && body.includes('ENCRYPTED')) throw encryptedPrivateKey();
  checkLabel(label, expected, reading);
  // RFC 7468 §2: headers such as Proc-Type belong to RFC 1421
  if (hasHeaders) throw malformed('The PEM block must not have headers');
  const octets = decoderFor(expected)(body, 'The PEM block');
  return label === TRUSTED_CERTIFICATE ? withoutTrustSettings(octets) : octets;
}

/** Returns the base64 decoder for content with this label: that of a private key can be zeroed. */
export const decoderFor = (label: PemLabel): typeof decodeBase64 =>
  label === 'PRIVATE KEY' ? decodeBase64 : decodePublicBase64;

/** Dashes in UTF-16 of either byte order. */
const UTF_16_DASHES = '-\0-\0-';

/** Whether there is a PEM boundary, even one that is not accepted. */
export function looksLikePem(octets: Uint8Array): boolean {
  const text = asBuffer(octets);
  return text.includes(DASHES) || text.includes(UTF_16_DASHES);
}

function rejectUtf16(pem: Buffer): void {
  if (pem.includes(UTF_16_DASHES)) throw malformed('The text is UTF-16; PEM must be ASCII or UTF-8');
}

function onlyBlock(blocks: readonly Block[], expected: PemLabel, reading: Reading): Block {
  const [block, ...others] = blocks;
  if (block === undefined) throw missingBlock(expected);
  const [second, ...more] = others;
  if (second === undefined) return block;
  const fault = severalBlocks(blocks, expected);
  if (expected !== 'PRIVATE KEY' || block.label !== EC_PARAMETERS || more.length > 0) throw fault;
  // The key names its curve again
  reading.tolerate('pem-label', fault);
  return second;
}

function severalBlocks(blocks: readonly Block[], expected: PemLabel): PkiError {
  const labels = blocks.slice(0, 3).map(({ label }) => label);
  const rest = blocks.length > labels.length ? ', …' : '';
  return malformed(`Expected one ${expected}, got ${blocks.length} PEM blocks (${labels.join(', ')}${rest})`);
}

function blocksOf(pem: Buffer): Block[] {
  const blocks: Block[] = [];
  let begin = pem.indexOf(BEGIN);
  while (begin >= 0) {
    const block = blockAt(pem, begin);
    blocks.push(block);
    begin = pem.indexOf(BEGIN, block.end);
  }
  return blocks;
}

/** Returns the block whose BEGIN line is at `begin`. Throws PkiError invalid-encoding. */
export function blockAt(pem: Buffer, begin: number): Block {
  const label = labelAt(pem, begin + BEGIN.length);
  const start = begin + BEGIN.length + label.length + DASHES.length;
  const stop = pem.indexOf(END, start);
  const nextBegin = pem.indexOf(BEGIN, start);
  if (stop < 0 || (nextBegin >= 0 && nextBegin < stop))
    throw malformed(`The line "${END}${label}${DASHES}" is missing`);
  if (labelAt(pem, stop + END.length) !== label)
    throw malformed(`The END line must have the label of the BEGIN line, ${label}`);
  return { label, body: pem.subarray(start, stop), end: stop + END.length + label.length + DASHES.length };
}

/** RFC 7468 §3, label. */
const LABEL = /^[!-,.-~](?:[- ]?[!-,.-~])*$/;
const MAX_LABEL_LENGTH = 64;
/** No label has such a word. It can be a key, and errors repeat labels. */
const LONG_WORD = /[^ ]{33}/;

function labelAt(pem: Buffer, start: number): string {
  const rest = pem.subarray(start, start + MAX_LABEL_LENGTH + DASHES.length);
  const length = rest.indexOf(DASHES);
  // Only the label becomes a string: the octets after it may be secret
  const label = rest.toString('latin1', 0, Math.max(length, 0));
  if (length < 0 || !LABEL.test(label) || LONG_WORD.test(label))
    throw malformed('A BEGIN or END line has no valid label before its last dashes');
  return label;
}

/** Returns the error for text without a PEM block. */
export const missingBlock = (expected: PemLabel): PkiError =>
  malformed(`The text must have a line "${BEGIN}${expected}${DASHES}"`);

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);
