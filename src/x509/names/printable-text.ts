/** The characters that are allowed in names: visible characters in one normalization form. */

import { describeKeyText, looksLikeKey } from '../../base/key-text.ts';
import { changeAroundJoiners, withoutJoiners } from './joiners.ts';

/**
 * Control, format (bidi overrides, zero-width), surrogate, private and unassigned characters, line and paragraph
 * separators, and all other characters that a renderer does not show.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const HIDDEN_RUNS = new RegExp(`(?:${HIDDEN.source})+`, 'gu');
/** Combining characters; U+FF9E and U+FF9F become combining by NFKC. */
const COMBINING_RUNS = /[\p{M}\uFF9E\uFF9F]+/gu;
/** None of these is hidden or combining, and each is its own normalization form. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const MAX_COMBINING = 30;
const QUOTED_LENGTH = 64;

/** Returns the fault of `text` as the rest of a sentence about it; undefined if there is none. */
export function printabilityError(text: string): string | undefined {
  const isAscii = PRINTABLE_ASCII.test(text);
  const hidden = isAscii ? undefined : HIDDEN.exec(withoutJoiners(text))?.[0].codePointAt(0);
  if (hidden !== undefined) {
    const codePoint = hidden.toString(16).toUpperCase().padStart(4, '0');
    return `contains U+${codePoint}; control, invisible and unassigned characters are not allowed in a name`;
  }
  if (text.includes('%00')) return 'contains "%00", which some programs read as the end of the text';
  if (isAscii) return undefined;
  if (hasLongCombiningRun(text)) return `must have at most ${MAX_COMBINING} combining characters in a row`;
  // RFC 5198 §3: texts that look the same must have the same code points
  if (text.normalize('NFC') !== text) return 'must be in Unicode Normalization Form C (NFC)';
  return undefined;
}

/**
 * Whether more combining characters follow each other than the Stream-Safe Text Format allows (UAX #15 §13). The time to
 * normalize such a text grows with the square of its length.
 */
export const hasLongCombiningRun = (text: string): boolean =>
  text.match(COMBINING_RUNS)?.some((run) => run.length > MAX_COMBINING) ?? false;

/** Before the two digits of an octet, as in OpenSSL. */
const HEXADECIMAL = String.raw`\x`;

/** Returns `text` with each octet (UTF-8) of a hidden character as `prefix` and two hexadecimal digits. */
export const escapeHidden = (text: string, prefix = HEXADECIMAL): string =>
  PRINTABLE_ASCII.test(text)
    ? text
    : changeAroundJoiners(text, (part) =>
        part.replace(HIDDEN_RUNS, (hidden) =>
          // Percent-encodes all of it: no hidden character is unreserved in a URI
          encodeURIComponent(hidden.toWellFormed()).replaceAll('%', prefix),
        ),
      );

/** Returns text of one character an octet, with octets outside printable ASCII as `\xHH`. */
export const escapeOctets = (text: string): string =>
  text.replace(/[^\x20-\x7e]+/g, (octets) =>
    Buffer.from(octets, 'latin1')
      .toString('hex')
      .toUpperCase()
      .replace(/../g, String.raw`\x$&`),
  );

/**
 * Returns `text` for an error message: in quotation marks, shortened, with hidden characters escaped. A text that looks like
 * a key is described.
 */
export function quoted(text: string): string {
  if (looksLikeKey(text)) return `(${describeKeyText(text)})`;
  const clipped = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return `"${escapeHidden(clipped)}"`;
}
