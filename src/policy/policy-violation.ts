import { PkiError } from '../base/errors.ts';
import type { Refusal } from './rule.ts';

/** A profile does not allow a certificate. It has every reason, not only the first. */
export class PolicyViolationError extends PkiError {
  /** Name and version of the profile, such as `web@3`. */
  readonly profile: string;
  readonly refusals: readonly Refusal[];

  constructor(profile: string, refusals: readonly Refusal[]) {
    const [first, ...others] = refusals;
    const more = others.length === 0 ? '' : ` (and ${others.length} more in \`errors\`)`;
    super('policy-violation', `The profile ${profile} refuses the certificate: ${first?.message}${more}`);
    this.name = 'PolicyViolationError';
    this.profile = profile;
    this.refusals = refusals;
  }
}
