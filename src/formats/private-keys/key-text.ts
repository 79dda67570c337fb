/** The octets of a key from the text of a caller: base64, base64url or hexadecimal. They are secret, so no string is made. */

import { decodeBase64url } from '../base64.ts';
import { decodeOuterBase64 } from '../pem-or-der.ts';
import { isRawLength } from './raw-private-key.ts';

/** White space of ASCII, and control characters. */
const isSpace = (octet: number): boolean => octet <= 0x20;

/** Returns new octets, which the caller zeroes. Throws PkiError invalid-encoding. */
export function decodeKeyText(text: Uint8Array): Uint8Array {
  const start = text.findIndex((octet) => !isSpace(octet));
  const end = text.findLastIndex((octet) => !isSpace(octet)) + 1;
  const trimmed = text.subarray(Math.max(start, 0), end);
  if (isRawLength(trimmed.length / 2) && trimmed.every((octet) => hexDigit(octet) !== undefined))
    return decodeHexadecimal(trimmed);
  return isBase64url(trimmed)
    ? decodeBase64url(trimmed, 'The text (base64url)')
    : decodeOuterBase64(text, 'PRIVATE KEY');
}

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
