/** The reasons of a revocation by their names (RFC 5280 §5.3.1). */

import { PkiError } from '../base/errors.ts';
import type { ReasonCode } from '../storage/ports.ts';

export const REVOCATION_REASONS = Object.freeze({
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const satisfies Readonly<Record<string, ReasonCode>>);

export type RevocationReason = keyof typeof REVOCATION_REASONS;

export const REASON_NAMES = Object.freeze(Object.keys(REVOCATION_REASONS) as RevocationReason[]);

export const reasonName = (code: ReasonCode): RevocationReason =>
  REASON_NAMES.find((name) => REVOCATION_REASONS[name] === code) ?? 'unspecified';

/** Throws PkiError invalid-revocation at `reason` for a reason that says nothing about such a certificate. */
export function requireSuitableReason(reason: RevocationReason, isAuthority: boolean): void {
  if (reason === 'aACompromise')
    throw new PkiError(
      'invalid-revocation',
      'aACompromise is for attribute authorities, which this service has none of; use keyCompromise',
      ['reason'],
    );
  if (reason === 'cACompromise' && !isAuthority)
    throw new PkiError(
      'invalid-revocation',
      'cACompromise is for the certificate of a CA; use keyCompromise for this certificate',
      ['reason'],
    );
}
