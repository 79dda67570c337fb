/**
 * PEM, the textual encoding of RFC 7468: written strictly (§3 figure 1), read as laxly as figure 2 allows, but for
 * one thing: characters that are not base64 are refused, not skipped.
 */

import { PkiError } from '../base/errors.ts';
import { decodeBase64, decodePublicBase64, encodeBase64Lines, LINE_LENGTH } from './base64.ts';
import { concat } from './der/writer.ts';
import { asBuffer } from '../base/octets.ts';
import { encryptedPrivateKey, isLabelOf, unexpectedLabel, type PemLabel } from './pem-label.ts';

const encoder = new TextEncoder();

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** {@link encodePem} as a string, in a third of the time: for what is no secret. */
export function encodePemString(label: PemLabel, der: Uint8Array): string {
  const base64 = asBuffer(der).toString('base64');
  let text = `${BEGIN}${label}${DASHES}\n`;
  for (let start = 0; start < base64.length; start += LINE_LENGTH) {
    text += `${base64.slice(start, start + LINE_LENGTH)}\n`;
  }
  return `${text}${END}${label}${DASHES}\n`;
}

/** ASCII, with a line feed at the end. The caller zeroes it when `der` is secret. */
export function encodePem(label: PemLabel, der: Uint8Array): Uint8Array {
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
 * The content of the only PEM block of `text`, around which other text may stand. Throws PkiError invalid-encoding, or
 * encrypted-private-key.
 */
export const decodePem = (text: string | Uint8Array, wanted: PemLabel): Uint8Array =>
  decodeOctets(typeof text === 'string' ? encoder.encode(text) : text, wanted);

/** The boundaries of a block, and what stands between them. */
interface Block {
  readonly label: string;
  readonly body: Buffer;
  readonly end: number;
}

function decodeOctets(octets: Uint8Array, wanted: PemLabel): Uint8Array {
  return contentOf(onlyBlock(openBlocks(octets), wanted), wanted);
}

/** The contents of all PEM blocks of `octets`, of which none may be of another kind. Throws PkiError invalid-encoding. */
export const decodePemBlocks = (octets: Uint8Array, wanted: PemLabel): Uint8Array[] =>
  openBlocks(octets).map((block) => contentOf(block, wanted));

function openBlocks(octets: Uint8Array): Block[] {
  const pem = asBuffer(octets);
  refuseUtf16(pem);
  return blocksOf(pem);
}

function contentOf({ label, body }: Block, wanted: PemLabel): Uint8Array {
  const hasHeaders = body.includes(':');
  if (hasHeaders && wanted === 'PRIVATE KEY' && body.includes('ENCRYPTED')) throw encryptedPrivateKey();
  if (!isLabelOf(label, wanted)) throw unexpectedLabel(label, wanted);
  // RFC 7468 §2: headers such as Proc-Type belong to the older RFC 1421
  if (hasHeaders) throw malformed('the PEM block has headers, which no form that is read here has');
  return decoderFor(wanted)(body, 'the PEM block');
}

/** What decodes base64 of content with this label, which may be secret. */
export const decoderFor = (label: PemLabel): typeof decodeBase64 =>
  label === 'PRIVATE KEY' ? decodeBase64 : decodePublicBase64;

/** Dashes in either octet order of UTF-16. */
const UTF_16_DASHES = '-\0-\0-';

/** Whether there is a boundary of PEM somewhere, be it one that is not read. */
export function looksLikePem(octets: Uint8Array): boolean {
  const text = asBuffer(octets);
  return text.includes(DASHES) || text.includes(UTF_16_DASHES);
}

function refuseUtf16(pem: Buffer): void {
  if (pem.includes(UTF_16_DASHES)) throw malformed('the text is UTF-16; PEM must be ASCII or UTF-8');
}

function onlyBlock(blocks: readonly Block[], wanted: PemLabel): Block {
  const [block, ...others] = blocks;
  if (block === undefined) throw malformed(`there is no line "${BEGIN}${wanted}${DASHES}"`);
  if (others.length === 0) return block;
  const labels = blocks.slice(0, 3).map(({ label }) => label);
  throw malformed(
    `${blocks.length} PEM blocks (${labels.join(', ')}${others.length > 2 ? ', …' : ''}) came where one ${wanted} is wanted`,
  );
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

function blockAt(pem: Buffer, begin: number): Block {
  const label = labelAt(pem, begin + BEGIN.length);
  const start = begin + BEGIN.length + label.length + DASHES.length;
  const stop = pem.indexOf(END, start);
  const nextBegin = pem.indexOf(BEGIN, start);
  if (stop < 0 || (nextBegin >= 0 && nextBegin < stop))
    throw malformed(`the line "${END}${label}${DASHES}" is missing`);
  if (labelAt(pem, stop + END.length) !== label)
    throw malformed(`BEGIN says ${label} and END something else`);
  return { label, body: pem.subarray(start, stop), end: stop + END.length + label.length + DASHES.length };
}

/** RFC 7468 §3, label. */
const LABEL = /^[!-,.-~](?:[- ]?[!-,.-~])*$/;
const MAX_LABEL_LENGTH = 64;

function labelAt(pem: Buffer, start: number): string {
  const rest = pem.subarray(start, start + MAX_LABEL_LENGTH + DASHES.length);
  const length = rest.indexOf(DASHES);
  // Only the label becomes a string: behind it stands what may be secret
  const label = rest.toString('latin1', 0, Math.max(length, 0));
  if (length < 0 || !LABEL.test(label))
    throw malformed('a BEGIN or END line has no proper label before its last dashes');
  return label;
}

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);
