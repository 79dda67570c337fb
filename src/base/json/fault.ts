import { isAscii } from 'node:buffer';

/** An invalid JSON text. The message is a sentence for the caller. */
export class JsonFault extends Error {}

/**
 * Returns an error that says where the text is invalid. `at` is the index of the octet at fault, and `expected` goes on
 * after "expected".
 */
export function invalidJson(octets: Uint8Array, at: number, expected: string): JsonFault {
  const end = at < octets.length ? '' : ', where the body ends';
  return new JsonFault(`The body is not valid JSON: expected ${expected} at ${placeOf(octets, at)}${end}`);
}

/** Returns the line and column of an octet. Columns count characters, and begin with 1 as lines do. */
export function placeOf(octets: Uint8Array, at: number): string {
  const before = octets.subarray(0, at);
  const line = before.filter((octet) => octet === LINE_FEED).length + 1;
  const column = countCharacters(before.subarray(before.lastIndexOf(LINE_FEED) + 1)) + 1;
  return `line ${line}, column ${column}`;
}

const LINE_FEED = 0x0a;

/** How many characters (code points) a text in UTF-8 has. */
export function countCharacters(text: Uint8Array): number {
  if (isAscii(text)) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (((text[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  return count;
}
