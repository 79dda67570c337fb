/** How input is read: strictly, or with the deviations of `tolerances.ts`, each of which is noted. */

import type { PathStep, PkiError } from '../base/errors.ts';
import { TOLERANCES, type ToleranceCode } from './tolerances.ts';

/** Something that the caller should know about its input although the input was read. */
export interface Note {
  readonly code: ToleranceCode;
  /** A whole sentence. */
  readonly message: string;
  /** Path of the input. */
  readonly path: readonly PathStep[];
}

/** How one input is read. */
export interface Reading {
  readonly isStrict: boolean;
  /** Notes a deviation. Throws `fault` when the reading is strict. */
  tolerate(code: ToleranceCode, fault: PkiError): void;
  /** Returns the reading of a part: its notes have `step` before their path. */
  at(step: PathStep): Reading;
}

/** The reading of one request, and what was noted so far: each deviation once, in the order of reading. */
export interface NotedReading extends Reading {
  readonly notes: readonly Note[];
}

/** No deviation is read. */
export const STRICT: Reading = Object.freeze({
  isStrict: true,
  tolerate(_code: ToleranceCode, fault: PkiError): never {
    throw fault;
  },
  at: () => STRICT,
});

/** Of one code: a list of 10,000 wrong values needs no 10,000 notes. */
const MAX_NOTES = 10;

export function createReading({ isStrict }: { readonly isStrict: boolean }): NotedReading {
  const notes = new Map<string, Note>();
  const counts = new Map<ToleranceCode, number>();
  const readingAt = (path: readonly PathStep[]): Reading => ({
    isStrict: false,
    tolerate(code, { message }) {
      const key = JSON.stringify([code, message, ...path]);
      const count = counts.get(code) ?? 0;
      if (notes.has(key) || count >= MAX_NOTES) return;
      counts.set(code, count + 1);
      notes.set(key, { code, message: `${message}. ${TOLERANCES[code].treatment}`, path });
    },
    at: (step) => readingAt([...path, step]),
  });
  const reading = isStrict ? STRICT : readingAt([]);
  return {
    isStrict,
    tolerate: (code, fault) => reading.tolerate(code, fault),
    at: (step) => reading.at(step),
    get notes() {
      return [...notes.values()];
    },
  };
}
