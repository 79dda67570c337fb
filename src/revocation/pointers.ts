/** The URLs in certificates of stored authorities: CRL, OCSP responder and certificate of the CA (RFC 5280 §4.2.1.13, §4.2.2.1). */

import type { PointersFor } from '../authorities/published-pointers.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import { signsCrls } from './crl/crl-issuers.ts';
import { crlUrl, scopeOf, shardingOf } from './crl/place.ts';

export interface PublicationUrls {
  /** The URL of the service for relying parties, without a slash at its end; undefined for a service without one. */
  readonly publicUrl: string | undefined;
  readonly hasOcsp: boolean;
}

export const createPublication = ({
  publicUrl,
  hasOcsp,
}: PublicationUrls): { readonly publicUrl?: string; readonly pointersFor: PointersFor } =>
  publicUrl === undefined
    ? { pointersFor: partOnly }
    : { publicUrl, pointersFor: createPointers({ publicUrl, hasOcsp }) };

/** A certificate of an authority whose CRL is divided needs its part in any case. The URL is kept with the authority. */
const partOnly: PointersFor = ({ authority, key, serialNumber }) => {
  const sharding = shardingOf(authority);
  if (sharding === undefined) return undefined;
  const place = { authorityKeyId: key.id, scope: scopeOf(sharding, serialNumber) };
  return {
    crlDistributionPoints: [crlUrl(sharding.url, place)],
    ocsp: [],
    caIssuers: [],
    isPartOfCrl: true,
  };
};

/** The only place that decides what certificates point at. */
const createPointers =
  ({ publicUrl, hasOcsp }: Required<PublicationUrls> & { readonly publicUrl: string }): PointersFor =>
  ({ authority, key, certificates, serialNumber }) => {
    const sharding = shardingOf(authority);
    const place = { authorityKeyId: key.id, scope: scopeOf(sharding, serialNumber) };
    return {
      crlDistributionPoints: certificates.slice(0, 1).every(signsCrls)
        ? [crlUrl(sharding?.url ?? publicUrl, place)]
        : [],
      ocsp: hasOcsp ? [`${publicUrl}/ocsp`] : [],
      caIssuers: [issuerUrl(publicUrl, key)],
      isPartOfCrl: sharding !== undefined,
    };
  };

export const issuerUrl = (base: string, { id }: Pick<AuthorityKey, 'id'>): string =>
  `${base}/issuers/${id}.cer`;
