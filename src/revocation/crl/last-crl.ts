/** The last CRL of a CA whose certificate has ended: it says what was revoked until then, and no newer one is made. */

import type { Clock } from '../../base/clock.ts';
import type { PublishedIssuers } from '../published-issuers.ts';
import { parseCrlName } from './place.ts';
import type { PublishedCrls } from './published-crls.ts';

interface Sources {
  readonly crls: Pick<PublishedCrls, 'find' | 'findLast'>;
  readonly issuers: Pick<PublishedIssuers, 'find'>;
  readonly clock: Clock;
}

/** As {@link PublishedCrls.find}, but after the end of the CA its last CRL is found however old it is. */
export async function findCrl(
  { crls, issuers, clock }: Sources,
  name: string,
): ReturnType<PublishedCrls['find']> {
  const found = await crls.find(name);
  const place = found === 'ended' ? parseCrlName(name) : undefined;
  if (place === undefined) return found;
  const issuer = await issuers.find(place.authorityKeyId);
  const hasEnded = issuer !== undefined && clock() > issuer.certificate.validity.notAfter;
  return hasEnded ? crls.findLast(name) : found;
}
