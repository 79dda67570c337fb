import { PkiError } from '../../base/errors.ts';
import { describeKeyText, looksLikeKey } from '../../base/key-text.ts';

/**
 * Returns the result of `parse`. The error for a `text` that looks like a key shows no part of it: parsers quote parts of a
 * text, and a part of a key does not always look like one. `expected` is the rest of a sentence.
 */
export function withoutKey<T>(text: string, expected: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PkiError) || !looksLikeKey(text) || !repeatsPart(error.message, text)) throw error;
    throw new PkiError(error.code, `Expected ${expected}, got ${describeKeyText(text)}`);
  }
}

/** In characters. A shorter part of a key is of no use. */
const PART_LENGTH = 8;

function repeatsPart(message: string, text: string): boolean {
  for (let at = 0; at + PART_LENGTH <= message.length; at += 1)
    if (text.includes(message.slice(at, at + PART_LENGTH))) return true;
  return false;
}
