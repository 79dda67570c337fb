import { PkiError, type PathStep } from '../base/errors.ts';

/** A fault of the document of a profile, at the path in it. */
export const invalidDocument = (sentence: string, path: readonly PathStep[] = []): PkiError =>
  new PkiError('invalid-profile-document', sentence, path);

/** Runs `task`. A PkiError that it throws is thrown again as one about the document. */
export function inDocument<T>(path: readonly PathStep[], task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof PkiError ? invalidDocument(error.message, [...path, ...error.path]) : error;
  }
}
