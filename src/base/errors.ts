/**
 * The errors of the domain: each has a code from a closed list, a sentence that says what would be right,
 * and, once a caller knows it, the member of the request it is about. How a code becomes an HTTP status is
 * the edge's business (`plugins/errors`).
 */

export const ERROR_CODES = [
  'invalid-subject',
  'invalid-san',
  'invalid-validity',
  'invalid-key-options',
  'invalid-encoding',
  'invalid-der',
  'invalid-certificate',
  'invalid-csr',
  'invalid-crl',
  'invalid-extension',
  'invalid-public-key',
  'invalid-private-key',
  'encrypted-private-key',
  'unsupported-algorithm',
  'proof-of-possession-failed',
  'key-mismatch',
  'issuer-key-reused',
  'unsuitable-issuer',
  'exceeds-issuer',
  'path-length-exceeded',
  'name-constraints-violated',
  'engine-unavailable',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A fault in what the caller gave, safe to show to the caller. Anything else that is thrown is a bug. */
export class PkiError extends Error {
  readonly code: ErrorCode;
  /** JSON Pointer (RFC 6901) of the member at fault, such as `/san/2`; empty where none is known. */
  readonly pointer: string;

  constructor(code: ErrorCode, message: string, pointer = '') {
    super(message);
    this.name = 'PkiError';
    this.code = code;
    this.pointer = pointer;
  }
}

const within = (pointer: string, error: unknown): unknown =>
  error instanceof PkiError ? new PkiError(error.code, error.message, pointer + error.pointer) : error;

/** Runs `task`; a PkiError that it throws is thrown again with `pointer` put before its own. */
export function atMember<T>(pointer: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw within(pointer, error);
  }
}

/** {@link atMember} for a task that answers with a promise. */
export async function atMemberAsync<T>(pointer: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw within(pointer, error);
  }
}
