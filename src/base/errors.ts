/**
 * The errors of the domain. Each has a code from a closed list, a whole sentence that says what would be right, and the
 * path of the input at fault. `plugins/errors` maps a code to an HTTP status and a path to a member of the request.
 */

import { ErrorWithoutStackTrace } from './without-stack-trace.ts';

export const ERROR_CODES = [
  'invalid-subject',
  'invalid-san',
  'invalid-validity',
  'invalid-profile',
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
  'wrong-password',
  'unsupported-algorithm',
  'proof-of-possession-failed',
  'key-mismatch',
  'issuer-key-reused',
  'unsuitable-issuer',
  'exceeds-issuer',
  'path-length-exceeded',
  'name-constraints-violated',
  'engine-unavailable',
  'overloaded',
  'key-unavailable',
  'clock-behind',
  'unknown-authority',
  'unknown-certificate',
  'invalid-query',
  'invalid-authority',
  'invalid-order',
  'authority-name-taken',
  'authority-inactive',
  'authority-changed',
  'reservation-closed',
  'invalid-idempotency-key',
  'idempotency-key-reused',
  'idempotency-in-progress',
  'store-unavailable',
  'policy-violation',
  'unknown-profile',
  'invalid-profile-document',
  'profile-name-reserved',
  'profile-changed',
  'profile-version-required',
  'invalid-revocation',
  'already-revoked',
  'not-on-hold',
  'unknown-webhook',
] as const;

/** A part of the service does not work: the fault is not the caller's. */
export const SERVICE_FAULTS: ReadonlySet<ErrorCode> = new Set([
  'engine-unavailable',
  'overloaded',
  'store-unavailable',
  'key-unavailable',
  'clock-behind',
]);

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A step from an input to a part of it: the name of a member, or an index. */
export type PathStep = string | number;

/**
 * The caller gave something invalid. The message is a whole sentence that is safe to show to the caller. Every other
 * error is a bug. It has no stack trace: a faulty input can have thousands of faults, and each trace takes 4 µs or more.
 */
export class PkiError extends ErrorWithoutStackTrace {
  readonly code: ErrorCode;
  /** Path of the invalid input, such as `['subjectAltNames', 2]`; empty where the caller gave one value alone. */
  readonly path: readonly PathStep[];
  /** The part of the input at fault, in terms of its format: `octet 7`, `Certificate.validity`. */
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, path: readonly PathStep[] = [], where?: string) {
    super(message);
    this.name = 'PkiError';
    this.code = code;
    this.path = path;
    this.where = where;
  }
}

const within = (step: PathStep, error: unknown): unknown =>
  error instanceof PkiError
    ? new PkiError(error.code, error.message, [step, ...error.path], error.where)
    : error;

/** Runs `task`. A PkiError that it throws is thrown again with `step` before its path. */
export function atMember<T>(step: PathStep, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw within(step, error);
  }
}

/** {@link atMember} for a task that returns a promise. */
export async function atMemberAsync<T>(step: PathStep, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw within(step, error);
  }
}

/** Returns the result of `read`; undefined when it throws a PkiError. */
export function ifReadable<T, Given extends readonly unknown[]>(
  read: (...given: Given) => T,
  ...given: Given
): T | undefined {
  try {
    return read(...given);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
