import { PkiError } from '../base/errors.ts';

/** The store cannot be used now. `detail` completes "The database", and is safe to show to the caller. */
export const storeUnavailable = (detail: string, cause?: unknown): PkiError =>
  Object.assign(new PkiError('store-unavailable', `The database ${detail}`), { cause });

export const isUnavailable = (error: unknown): error is PkiError =>
  error instanceof PkiError && error.code === 'store-unavailable';
