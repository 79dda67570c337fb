import type { ExtensionPointers } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import type { SigningAuthority } from './open-authorities.ts';

/** The key that signs a certificate, and the certificate's serial number. */
export interface PointedCertificate extends Pick<SigningAuthority, 'authority' | 'key' | 'certificates'> {
  readonly serialNumber: Uint8Array;
}

/** Where relying parties find what the service publishes about a certificate. */
export interface PublishedPointers extends Pick<
  ExtensionPointers,
  'crlDistributionPoints' | 'ocsp' | 'caIssuers'
> {
  /**
   * Whether the CRL is one of several parts. Then the certificate names its part, also beside other CRLs: the part is only
   * for certificates that name it (RFC 5280 §6.3.3 (b)).
   */
  readonly isPartOfCrl?: boolean;
}

/** Returns undefined in a service without a public URL. */
export type PointersFor = (certificate: PointedCertificate) => PublishedPointers | undefined;

/** Adds what is published to what the profile and the request have of their own, each kind of pointer by itself. */
export function withPublished(
  { revocation }: Pick<Profile, 'revocation'>,
  own: ExtensionPointers | undefined,
  published: PublishedPointers | undefined,
): ExtensionPointers | undefined {
  // RFC 9608 §3, RFC 6960 §4.2.2.2.1: there is nothing to point at
  if (published === undefined || revocation !== 'published') return own;
  const { policies, mustStaple, ...pointers } = own ?? NONE;
  const either = (kind: PointerKind): readonly string[] =>
    pointers[kind].length > 0 ? pointers[kind] : published[kind];
  const both = (kind: PointerKind) => [...new Set([...pointers[kind], ...published[kind]])];
  return {
    policies,
    mustStaple,
    crlDistributionPoints: (published.isPartOfCrl === true ? both : either)('crlDistributionPoints'),
    ocsp: either('ocsp'),
    caIssuers: either('caIssuers'),
  };
}

type PointerKind = 'crlDistributionPoints' | 'ocsp' | 'caIssuers';

const NONE: ExtensionPointers = Object.freeze({
  policies: [],
  crlDistributionPoints: [],
  ocsp: [],
  caIssuers: [],
  mustStaple: false,
});
