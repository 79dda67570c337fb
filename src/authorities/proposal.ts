/** The first step of issuing: the rules of the standards, of the CA certificate and of the policy. */

import { PkiError } from '../base/errors.ts';
import { checkSuitability, type Authority } from '../ca/authority.ts';
import type { Profile } from '../ca/profile.ts';
import { grantRequested, type Grant } from '../ca/sign-csr.ts';
import { withUsages } from '../ca/usages.ts';
import type { AuthorityContext } from './context.ts';
import type { SigningOrder } from './signing-order.ts';

/** What is certified, with the profile as it is applied. */
export interface Approved {
  readonly granted: Grant;
  readonly profile: Profile;
}

/** Throws PkiError. */
export async function approve(context: AuthorityContext, order: SigningOrder, now: Date): Promise<Approved> {
  const { requested, options, days, pathLength, signing, principal } = order;
  const profile = withUsages(order.profile, options.usages);
  const authority = suitable(order, profile, now);
  const input = { days, pathLength };
  const granted = grantRequested(context, { input, options, profile, requested, authority, now });
  await context.policy.judge({
    authority: signing.authority,
    profile,
    principal,
    publicKey: requested.publicKey,
    subject: requested.subjectName,
    subjectAltNames: requested.subjectAltNames,
    validity: granted.content.validity,
  });
  return { granted, profile };
}

/** The caller did not send the CA, so an error about it has no path. */
function suitable(
  { signing: { certificate, signer } }: SigningOrder,
  profile: Profile,
  now: Date,
): Authority {
  try {
    return checkSuitability({ certificate, signer }, profile, now);
  } catch (error) {
    throw error instanceof PkiError ? new PkiError(error.code, error.message) : error;
  }
}
