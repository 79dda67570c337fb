/** What a name may be written with: characters that a reader sees, in one spelling. */

/**
 * Control, format (bidi overrides, zero-width), surrogate, private and unassigned characters, line and paragraph
 * separators, and whatever else a renderer leaves out.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const EVERY_HIDDEN = new RegExp(HIDDEN, 'gu');
const QUOTED_LENGTH = 64;

const encoder = new TextEncoder();

/** Says what is wrong with `text`, as the predicate of a sentence; undefined where all of it is what it looks like. */
export function printabilityError(text: string): string | undefined {
  const hidden = HIDDEN.exec(text)?.[0].codePointAt(0);
  if (hidden !== undefined) {
    const codePoint = hidden.toString(16).toUpperCase().padStart(4, '0');
    return `holds the character U+${codePoint}, but control, invisible and unassigned characters may not stand in a name`;
  }
  if (text.includes('%00')) return 'holds "%00", at which some programs end a text';
  // RFC 5198 §3: one spelling for texts that look the same
  if (text.normalize('NFC') !== text) return 'must be in Unicode Normalization Form C (NFC)';
  return undefined;
}

/** `text` with each octet (UTF-8) of a hidden character as `prefix` and two hexadecimal digits. */
export const escapeHidden = (text: string, prefix: string): string =>
  text.replace(EVERY_HIDDEN, (hidden) =>
    Array.from(encoder.encode(hidden), (octet) => prefix + hexadecimal(octet)).join(''),
  );

const hexadecimal = (octet: number): string => octet.toString(16).toUpperCase().padStart(2, '0');

/** `text` as an error message shows it: in quotation marks, not too long, everything visible. */
export function quoted(text: string): string {
  const clipped = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return `"${escapeHidden(clipped, String.raw`\x`)}"`;
}
