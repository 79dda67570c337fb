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
  /** The part of that input, as in {@link PkiError}; undefined for a fact about the whole. */
  readonly where?: string | undefined;
}

/** How one input is read. */
export interface Reading {
  readonly isStrict: boolean;
  /** Whether the input is only shown: then deviations are read that are rejected elsewhere. */
  readonly isInspecting: boolean;
  /** Notes a deviation. Throws `fault` when the reading does not read it. */
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
  isInspecting: false,
  tolerate(_code: ToleranceCode, fault: PkiError): never {
    throw fault;
  },
  at: () => STRICT,
});

/** The deviations that no inspection is needed for are read, and none is noted: for input that was read before. */
export const LENIENT: Reading = Object.freeze({
  isStrict: false,
  isInspecting: false,
  tolerate(code: ToleranceCode, fault: PkiError): void {
    if (isForInspection(code)) throw fault;
  },
  at: () => LENIENT,
});

const isForInspection = (code: ToleranceCode): boolean => {
  const { inspectionOnly = false } = TOLERANCES[code];
  return inspectionOnly;
};

/** Every deviation is read and none is noted: for input that was read before. */
export const UNNOTED: Reading = Object.freeze({
  isStrict: false,
  isInspecting: true,
  tolerate: () => undefined,
  at: () => UNNOTED,
});

/** Of one code: a list of 10,000 wrong values needs no 10,000 notes. */
const MAX_NOTES = 10;

export interface ReadingOptions {
  readonly isStrict: boolean;
  readonly isInspecting?: boolean;
}

export function createReading({ isStrict, isInspecting = false }: ReadingOptions): NotedReading {
  const notes = new Map<string, Note>();
  const counts = new Map<ToleranceCode, number>();
  const readingAt = (path: readonly PathStep[]): Reading => ({
    isStrict: false,
    isInspecting,
    tolerate(code, fault) {
      if (!isInspecting) LENIENT.tolerate(code, fault);
      const { message, where } = fault;
      const count = counts.get(code) ?? 0;
      if (count >= MAX_NOTES) return;
      const key = JSON.stringify([code, message, ...path]);
      if (notes.has(key)) return;
      counts.set(code, count + 1);
      notes.set(key, {
        code,
        message: `${message}. ${TOLERANCES[code].treatment}`,
        path,
        ...(where && { where }),
      });
    },
    at: (step) => readingAt([...path, step]),
  });
  const reading = isStrict ? STRICT : readingAt([]);
  return {
    isStrict,
    isInspecting: reading.isInspecting,
    tolerate: (code, fault) => reading.tolerate(code, fault),
    at: (step) => reading.at(step),
    get notes() {
      return [...notes.values()];
    },
  };
}
