/** The characters of JSON, by their octets in UTF-8. */

/** Says what is expected in place of a control character in a string. */
export const escapeOf = (octet: number): string =>
  octet === 0x0a || octet === 0x0d
    ? String.raw`an escape such as \n in place of a line break in a string`
    : 'an escape in place of a control character';

/** Says what is expected in place of a value that begins with `octet`, such as `True` or a string in single quotes. */
export function valueInPlaceOf(octet: number): string {
  if (octet === APOSTROPHE) return 'a string in double quotes';
  return isLetter(octet) ? 'a string in double quotes, a number, true, false or null' : 'a value';
}

const APOSTROPHE = 0x27;

export const isSpace = (octet: number): boolean =>
  octet === 0x20 || octet === 0x0a || octet === 0x0d || octet === 0x09;

const isLetter = (octet: number): boolean =>
  (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x41 && octet <= 0x5a);

/** Letters, digits, `+`, `-` and `.`. */
export const isOfWord = (octet: number): boolean =>
  (octet >= 0x30 && octet <= 0x39) || isLetter(octet) || octet === 0x2b || octet === 0x2d || octet === 0x2e;

/** RFC 8259 §3 and §6. */
export const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
