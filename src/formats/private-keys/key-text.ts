/** The octets of a key from the text of a caller: base64, base64url or hexadecimal. They are secret, so no string is made. */

import { decodeBase64url } from '../base64.ts';
import { decodeOuterBase64 } from '../pem-or-der.ts';
import { isRawLength } from './raw-private-key.ts';

/** White space of ASCII, and control characters. */
const isSpace = (octet: number): boolean => octet <= 0x20;

/** Returns new octets, which the caller zeroes. Throws PkiError invalid-encoding. */
export function decodeKeyText(text: Uint8Array): Uint8Array {
  const trimmed = trim(text);
  if (isHexadecimal(trimmed)) return decodeHexadecimal(trimmed);
  const octets = isBase64url(trimmed)
    ? decodeBase64url(trimmed, 'The text (base64url)')
    : decodeOuterBase64(text, 'PRIVATE KEY');
  if (!isHexadecimal(trim(octets))) return octets;
  const inner = decodeHexadecimal(trim(octets));
  octets.fill(0);
  return inner;
}

function trim(text: Uint8Array): Uint8Array {
  const start = text.findIndex((octet) => !isSpace(octet));
  return text.subarray(Math.max(start, 0), text.findLastIndex((octet) => !isSpace(octet)) + 1);
}

/** Only of a raw key: no DER has these lengths and only these octets. */
const isHexadecimal = (text: Uint8Array): boolean =>
  isRawLength(text.length / 2) && text.every((octet) => hexDigit(octet) !== undefined);

const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

/** Text without padding that base64 would have, or with the two characters that base64 does not have. */
function isBase64url(text: Uint8Array): boolean {
  const hasOwnCharacters = text.includes(HYPHEN) || text.includes(UNDERSCORE);
  return (hasOwnCharacters || text.length % 4 !== 0) && text.every(isBase64urlCharacter);
}

const isBase64urlCharacter = (octet: number): boolean =>
  (octet >= 0x30 && octet <= 0x39) ||
  (octet >= 0x41 && octet <= 0x5a) ||
  (octet >= 0x61 && octet <= 0x7a) ||
  octet === HYPHEN ||
  octet === UNDERSCORE;

function decodeHexadecimal(text: Uint8Array): Uint8Array {
  const octets = new Uint8Array(new ArrayBuffer(text.length / 2));
  for (let i = 0; i < octets.length; i += 1)
    octets[i] = ((hexDigit(text[2 * i] ?? 0) ?? 0) << 4) | (hexDigit(text[2 * i + 1] ?? 0) ?? 0);
  return octets;
}

function hexDigit(octet: number): number | undefined {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

const DIGITS = new TextEncoder().encode('0123456789abcdef');

/** Returns lower-case digits as ASCII, which the caller zeroes. */
export function encodeHexadecimal(octets: Uint8Array): Uint8Array {
  const text = new Uint8Array(new ArrayBuffer(octets.length * 2));
  octets.forEach((octet, index) => {
    text[2 * index] = DIGITS[octet >> 4] ?? 0;
    text[2 * index + 1] = DIGITS[octet & 0x0f] ?? 0;
  });
  return text;
}
