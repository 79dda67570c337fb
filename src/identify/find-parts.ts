/**
 * Finds the parts of any input: undoes the encodings of text, and separates PEM blocks and DER values. Nothing is read more
 * than once at each level, and there are few levels, so the time is linear in the length.
 */

import { pause } from '../base/next-turn.ts';
import { isUtf8 } from 'node:buffer';
import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';
import { readLooseHeader } from '../formats/der/loose-header.ts';
import { TAG } from '../formats/der/writer.ts';
import { looksLikePem } from '../formats/pem.ts';
import { Findings, type Encoding, type Found } from './found.ts';
import { endOfSpace, foreignTextType, foreignType, rawMeaning } from './foreign.ts';
import { findPemParts } from './pem-parts.ts';
import { typeOfStructure } from './structures.ts';
import { decodeText } from './text-encodings.ts';

/** Encodings of text inside each other, such as PEM in base64 in UTF-16. */
const MAX_LEVELS = 4;

/** The caller destroys the result. It pauses before each level. */
export async function findParts(octets: Uint8Array): Promise<Findings> {
  const findings = new Findings();
  await search(findings, octets, []);
  return findings;
}

async function search(findings: Findings, octets: Uint8Array, encodings: readonly Encoding[]): Promise<void> {
  await pause();
  if (isDer(octets, octets.length)) return findDerParts(findings, octets, encodings);
  const foreign = foreignType(octets);
  if (foreign !== undefined)
    return findings.add({ type: foreign, octets, encodings: [...encodings, 'binary'] });
  const plain = withoutUtf16(findings, octets);
  if (plain !== octets) return search(findings, plain, [...encodings, 'UTF-16']);
  if (looksLikePem(octets) && findPemParts(findings, octets, encodings) > 0) return;
  if (isText(octets)) await searchText(findings, octets, encodings);
  else addRaw(findings, octets, encodings);
}

/** The digit 0 has the tag of a SEQUENCE; in text, a length as long as the text would be a coincidence. */
const isDer = ([tag, length = 0]: Uint8Array, whole: number): boolean =>
  tag === TAG.sequence && (length >= 0x80 || length + 2 === whole);

/** One or several values, as in files that were joined. */
function findDerParts(findings: Findings, octets: Uint8Array, encodings: readonly Encoding[]): void {
  for (let start = 0; start < octets.length;) {
    const rest = octets.subarray(start);
    if (start > 0 && endOfSpace(rest) === rest.length) return;
    if (findings.isFull) return findings.leaveOut();
    start += addValue(findings, rest, encodings);
  }
}

/** Returns the length of the value. */
function addValue(findings: Findings, octets: Uint8Array, encodings: readonly Encoding[]): number {
  try {
    const { end = octets.length, looseness } = readLooseHeader(octets, 0, octets.length);
    const value = octets.subarray(0, end);
    const encoding = looseness === undefined ? 'DER' : 'BER';
    findings.add({
      type: typeOfStructure(value) ?? 'unknown',
      octets: value,
      encodings: [...encodings, encoding],
    });
    return end;
  } catch (problem) {
    if (!(problem instanceof PkiError)) throw problem;
    findings.add({ type: 'unknown', octets, encodings: [...encodings, 'DER'], problem });
    return octets.length;
  }
}

async function searchText(
  findings: Findings,
  text: Uint8Array,
  encodings: readonly Encoding[],
): Promise<void> {
  const foreign = foreignTextType(text);
  if (foreign !== undefined)
    return findings.add({ type: foreign, octets: text, encodings: [...encodings, 'text'] });
  if (isJson(text)) return addJson(findings, text, encodings);
  const decoded = encodings.length < MAX_LEVELS ? decodeText(text) : undefined;
  if (decoded === undefined)
    return findings.add({ ...unknown(text, 'text'), encodings: [...encodings, 'text'] });
  await search(findings, findings.own(decoded.octets), [...encodings, decoded.encoding]);
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

function isJson(text: Uint8Array): boolean {
  const first = text[endOfSpace(text)];
  return first === OPEN_BRACE || first === OPEN_BRACKET;
}

function addJson(findings: Findings, octets: Uint8Array, encodings: readonly Encoding[]): void {
  const text = asBuffer(octets);
  const type = text.includes('"kty"') ? (text.includes('"keys"') ? 'jwk-set' : 'jwk') : 'json';
  findings.add({ type, octets, encodings: [...encodings, 'JSON'] });
}

function addRaw(findings: Findings, octets: Uint8Array, encodings: readonly Encoding[]): void {
  const possibly = rawMeaning(octets.length);
  const part =
    possibly === undefined
      ? unknown(octets, 'binary data')
      : ({ type: 'raw-key', octets, facts: { possibly } } as const);
  findings.add({ ...part, encodings: [...encodings, 'binary'] });
}

/** Only the first octet is shown: the data can be a secret. */
function unknown(octets: Uint8Array, kind: string): Pick<Found, 'type' | 'octets' | 'facts'> {
  const first = octets[0];
  const shown = first === undefined ? 'nothing' : `${kind} that begins with ${shownOctet(first)}`;
  return { type: 'unknown', octets, facts: { begins: shown } };
}

const shownOctet = (octet: number): string => {
  const digits = octet.toString(16).toUpperCase().padStart(2, '0');
  return octet > 0x20 && octet < 0x7f ? `${digits} (${String.fromCharCode(octet)})` : digits;
};

/** UTF-8 without control characters, except white space. */
function isText(octets: Uint8Array): boolean {
  if (!isUtf8(octets)) return false;
  for (let at = 0; at < octets.length; at += 1) if (isControl(octets[at] ?? 0)) return false;
  return true;
}

const isControl = (octet: number): boolean => octet < 0x20 && (octet < 0x09 || octet > 0x0d);

/** Returns text in UTF-16 (of Windows) as its low octets: only ASCII is of interest. Other octets are returned as they are. */
function withoutUtf16(findings: Findings, octets: Uint8Array): Uint8Array {
  const [first, second] = octets;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  if (isLittle || isBig) return findings.own(everySecond(octets, isLittle ? 2 : 3));
  const isUnmarked = octets.length >= 4 && octets.length % 2 === 0 && octets[1] === 0 && octets[3] === 0;
  return isUnmarked && first !== 0 ? findings.own(everySecond(octets, 0)) : octets;
}

function everySecond(octets: Uint8Array, start: number): Uint8Array {
  const result = new Uint8Array(new ArrayBuffer(Math.max(0, Math.ceil((octets.length - start) / 2))));
  for (let at = 0; at < result.length; at += 1) result[at] = octets[start + 2 * at] ?? 0;
  return result;
}
