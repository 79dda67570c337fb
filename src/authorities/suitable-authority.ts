/** Checks the certificates of an authority before it issues. They do not change, so a result is used again. */

import { PkiError } from '../base/errors.ts';
import { checkAuthority, type Authority, type IntendedIssuance } from '../ca/authority.ts';
import type { IssuanceContext } from '../ca/issuance-context.ts';
import type { Profile } from '../ca/profile.ts';
import { LENIENT } from '../formats/reading.ts';
import type { Signer } from '../keys/key.ts';
import type { Certificate } from '../x509/certificate.ts';

/** What an authority is about to issue. */
export type Intention = Omit<IntendedIssuance, 'reading'>;

export interface SuitableAuthority {
  /** The caller did not send the CA, so the PkiError that this throws has no path. */
  check(context: IssuanceContext, intention: Intention): Promise<Authority>;
}

interface Known {
  readonly terms: string;
  readonly now: Date;
  readonly authority: Authority;
}

/** `certificates` and `signer` are those of one authority; `context` is the same at each call. */
export function suitableAuthority(certificates: readonly Certificate[], signer: Signer): SuitableAuthority {
  // One for each profile: callers choose policies, in any number.
  const known = new WeakMap<Profile, Known>();
  return {
    async check(context, intention) {
      const { profile, now } = intention;
      const terms = [intention.isDefaultProfile, ...intention.policies].join();
      const before = known.get(profile);
      if (before?.terms === terms && !changesBetween(certificates, before.now, now)) return before.authority;
      const authority = await checkNow(context, { certificates, signer }, intention);
      known.set(profile, { terms, now, authority });
      return authority;
    },
  };
}

/** Whether a certificate begins or ends to be valid in this time. */
const changesBetween = (certificates: readonly Certificate[], from: Date, to: Date): boolean =>
  to < from ||
  certificates.some(({ validity }) =>
    [validity.notBefore, validity.notAfter].some((moment) => from <= moment && moment <= to),
  );

async function checkNow(
  context: IssuanceContext,
  authority: { readonly certificates: readonly Certificate[]; readonly signer: Signer },
  intention: Intention,
): Promise<Authority> {
  try {
    return await checkAuthority(context, authority, { ...intention, reading: LENIENT });
  } catch (error) {
    throw error instanceof PkiError ? new PkiError(error.code, error.message) : error;
  }
}
