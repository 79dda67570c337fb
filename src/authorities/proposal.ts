/** The first step of issuing: the rules of the standards, of the CA certificate and of the policy. */

import type { Authority } from '../ca/authority.ts';
import type { CertificateOptions } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import { grantRequested, intendedIssuance, type Grant } from '../ca/grant.ts';
import { LENIENT } from '../formats/reading.ts';
import { drawSerialNumber } from '../x509/serial-number.ts';
import type { AuthorityContext } from './context.ts';
import type { Origin } from '../policy/rule.ts';
import { withPublished } from './published-pointers.ts';
import type { SigningOrder } from './signing-order.ts';

const NO_ORIGIN: Origin = Object.freeze({ key: [], subject: [], validity: [], name: () => [] });

/** What is certified, with the profile as it is applied. */
export interface Approved {
  readonly granted: Grant;
  readonly profile: Profile;
}

/** Throws PkiError. */
export async function approve(context: AuthorityContext, order: SigningOrder, now: Date): Promise<Approved> {
  const { requested, signing, principal, reading } = order;
  const authority = await suitable(context, order, now);
  const { profile } = authority;
  const serialNumber = drawSerialNumber(context.random);
  const options = withPointers(context, order, { profile, serialNumber });
  const terms = { input: order, options, requested, authority, now, reading, serialNumber };
  const granted = grantRequested(context, terms);
  await context.policy.check({
    authority: signing.authority,
    profile,
    principal,
    publicKey: requested.publicKey,
    issuerKey: signing.signer.publicKey,
    subject: requested.subjectName,
    subjectAltNames: requested.subjectAltNames,
    validity: granted.content.validity,
    requested: order.requestedOptions ?? order.options,
    origin: order.origin ?? NO_ORIGIN,
    now,
  });
  return { granted, profile };
}

/** Where the authority publishes revocations depends on the serial number. */
function withPointers(
  { pointersFor }: AuthorityContext,
  { signing, options }: SigningOrder,
  { profile, serialNumber }: { readonly profile: Profile; readonly serialNumber: Uint8Array },
): CertificateOptions {
  const published = pointersFor?.({ ...signing, serialNumber });
  const pointers = withPublished(profile, options.pointers, published);
  return pointers === undefined ? options : { ...options, pointers };
}

async function suitable(context: AuthorityContext, order: SigningOrder, now: Date): Promise<Authority> {
  const { signing, options } = order;
  const issuance = intendedIssuance(order, options, now, LENIENT);
  return signing.suitability.check({ ...context, keys: signing.keys }, issuance);
}
