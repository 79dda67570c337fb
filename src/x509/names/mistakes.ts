/** Names as people write them who know another program, and how this service reads the same name. */

import { PkiError } from '../../base/errors.ts';
import { quoted } from './printable-text.ts';

/** `corrections` are replacements of the match of `pattern`; `fault` is the rest of a sentence about the text. */
export type Mistake = readonly [pattern: RegExp, corrections: readonly string[], fault: string];

/**
 * Returns the result of `parse`. If it throws, and one of `mistakes` is in the text, the error says how to write the text.
 * A correction that `parse` rejects too is not given.
 */
export function withCorrection<T>(
  text: string,
  correctionOf: (text: string, isName: (text: string) => boolean) => string | undefined,
  parse: (text: string) => T,
): T {
  try {
    return parse(text);
  } catch (error) {
    const predicate = error instanceof PkiError ? correctionOf(text, accepts(parse)) : undefined;
    if (!(error instanceof PkiError) || predicate === undefined) throw error;
    throw new PkiError(error.code, `The name ${quoted(text)} ${predicate}`);
  }
}

const accepts =
  (parse: (text: string) => unknown) =>
  (text: string): boolean => {
    try {
      parse(text);
      return true;
    } catch (error) {
      if (error instanceof PkiError) return false;
      throw error;
    }
  };

export interface Correction {
  readonly fault: string;
  /** At least one. */
  readonly names: readonly string[];
}

/** Returns the corrections of the first mistake that has any. */
export function firstCorrection(
  mistakes: readonly Mistake[],
  text: string,
  isName: (text: string) => boolean,
): Correction | undefined {
  for (const [pattern, corrections, fault] of mistakes) {
    if (!pattern.test(text)) continue;
    const names = corrections.map((correction) => text.replace(pattern, correction)).filter(isName);
    if (names.length > 0) return { fault, names };
  }
  return undefined;
}

/** Returns the rest of a sentence about the text. */
export const describeCorrection = (correction: Correction | undefined): string | undefined =>
  correction && `${correction.fault}; write it as ${correction.names.map(quoted).join(' or ')}`;
