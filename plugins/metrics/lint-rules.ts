/** The rules of the standards that stop an issuance, by the codes of the errors that tell of them. */

import { SignatureVerificationError } from '../../src/ca/sign-and-verify.ts';
import { ERROR_CODES, PkiError, type ErrorCode } from '../../src/base/errors.ts';

/** Whether an error is about what would be certified; else it is about how it was sent. A new code does not compile without. */
const IS_RULE = Object.freeze({
  'invalid-subject': true,
  'invalid-san': true,
  'invalid-validity': false,
  'invalid-key-options': false,
  'invalid-encoding': false,
  'invalid-der': false,
  'invalid-certificate': true,
  'invalid-csr': true,
  'invalid-crl': false,
  'invalid-extension': true,
  'invalid-public-key': true,
  'invalid-private-key': false,
  'encrypted-private-key': false,
  'unsupported-algorithm': true,
  'proof-of-possession-failed': true,
  'key-mismatch': true,
  'issuer-key-reused': true,
  'unsuitable-issuer': true,
  'exceeds-issuer': true,
  'path-length-exceeded': true,
  'name-constraints-violated': true,
  'engine-unavailable': false,
} satisfies Record<ErrorCode, boolean>);

/** What {@link signed} finds: no fault of the caller, so no code that a caller is told. */
const SIGNATURE_FAULT = 'signature-not-verified';

export type LintRule = ErrorCode | typeof SIGNATURE_FAULT;

export const LINT_RULES: readonly LintRule[] = Object.freeze([
  ...ERROR_CODES.filter((code) => IS_RULE[code]),
  SIGNATURE_FAULT,
]);

/** Undefined for an error that no rule stands behind. */
export function lintRuleOf(error: unknown): LintRule | undefined {
  if (error instanceof SignatureVerificationError) return SIGNATURE_FAULT;
  return error instanceof PkiError && IS_RULE[error.code] ? error.code : undefined;
}
