/** The profile cabf-tls: certificates of servers (CA/Browser Forum Baseline Requirements, version 2.2.6). */

import { decodeTime } from '../../formats/der/time.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { extendedKeyUsageOid } from '../../formats/oids.ts';
import { SCOPE, type CertificateListView } from '../certificate-list-view.ts';
import type { OcspView } from '../ocsp-view.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView, SignedView } from '../views.ts';
import { hasClassicalKey, hasClassicalSignature, hasLongSerial, keyOf } from './public-trust.ts';

const PROFILE = { profile: 'cabf-tls', only: 'received' } as const;

export const TLS_SIGNATURE_RULES = rulesWith<SignedView>()(
  { ...PROFILE, where: 'signatureAlgorithm' },
  {
    id: 'cabf-tls-signature-algorithm',
    clause: 'CA/Browser Forum BR §7.1.3.2',
    requires: 'A signature must be of RSA or ECDSA with SHA-2',
    check: hasClassicalSignature,
  },
);

export const TLS_KEY_RULES = rulesWith<NamedKeyView>()(
  { ...PROFILE, where: 'subjectPublicKeyInfo' },
  {
    id: 'cabf-tls-key-algorithm',
    clause: 'CA/Browser Forum BR §6.1.5',
    requires: 'A key must be of RSA with at least 2048 bits in whole octets, or of P-256, P-384 or P-521',
    check: hasClassicalKey,
  },
  {
    id: 'cabf-tls-rsa-exponent',
    clause: 'CA/Browser Forum BR §6.1.6',
    requires: 'The public exponent of RSA must be odd and at least 3',
    check: (view) => {
      const exponent = BigInt(keyOf(view)?.publicExponent ?? '65537');
      return exponent >= 3n && exponent % 2n === 1n;
    },
  },
);

const DAY = 86_400_000;

/** The longest validity in days, by the first day of certificates that it applies to. */
const LONGEST: readonly (readonly [from: number, days: number])[] = [
  [Date.UTC(2029, 2, 15), 47],
  [Date.UTC(2027, 2, 15), 100],
  [Date.UTC(2026, 2, 15), 200],
  [Date.UTC(2020, 8, 1), 398],
];

const longestDays = ({ tbs }: CertificateView): number =>
  LONGEST.find(([from]) => tbs.validity.notBefore.getTime() >= from)?.[1] ?? 825;

export const TLS_CERTIFICATE_RULES = rulesWith<CertificateView>()(PROFILE, {
  id: 'cabf-tls-serial-entropy',
  clause: 'CA/Browser Forum BR §7.1',
  where: 'serialNumber',
  requires: 'A serial number must have at least 64 bits from a random generator',
  check: hasLongSerial,
});

const { serverAuth, clientAuth } = extendedKeyUsageOid;
const ALLOWED_PURPOSES: ReadonlySet<string> = new Set([serverAuth, clientAuth]);

export const TLS_END_ENTITY_RULES = rulesWith<CertificateView>()(
  { ...PROFILE, applies: ({ isCa }: CertificateView) => !isCa },
  {
    id: 'cabf-tls-validity',
    clause: 'CA/Browser Forum BR §6.3.2',
    where: 'validity',
    requires:
      'The longest validity is 398 days, 200 from 2026-03-15, 100 from 2027-03-15 and 47 from 2029-03-15',
    check: (view) => view.validityDays <= longestDays(view),
  },
  {
    id: 'cabf-tls-purpose',
    clause: 'CA/Browser Forum BR §7.1.2.7.10',
    where: 'extensions.extendedKeyUsage',
    requires: 'The purpose serverAuth must be present',
    check: (view) => view.hasPurpose(serverAuth),
  },
  {
    id: 'cabf-tls-other-purposes',
    clause: 'CA/Browser Forum BR §7.1.2.7.10',
    where: 'extensions.extendedKeyUsage',
    requires: 'No purpose but serverAuth and clientAuth is allowed',
    check: ({ purposes }) => purposes.every((purpose) => ALLOWED_PURPOSES.has(purpose)),
  },
  {
    id: 'cabf-tls-client-purpose',
    clause: 'Chrome Root Program Policy §1.3',
    severity: 'notice',
    where: 'extensions.extendedKeyUsage',
    requires: 'Root programs phase out certificates of servers that are also for clientAuth',
    check: (view) => !view.hasPurpose(clientAuth),
  },
  {
    id: 'cabf-tls-timestamps',
    clause: 'RFC 6962 §3.3',
    severity: 'notice',
    where: 'extensions.signedCertificateTimestamps',
    requires: 'Browsers want timestamps of certificate transparency, in the certificate or from the server',
    check: (view) => view.has('signedCertificateTimestamps'),
  },
);

export const TLS_CA_RULES = rulesWith<CertificateView>()(
  { ...PROFILE, applies: ({ isCa }: CertificateView) => isCa },
  {
    id: 'cabf-tls-ca-key-usage',
    clause: 'CA/Browser Forum BR §7.1.2.10.7',
    where: 'extensions.keyUsage',
    requires: 'The key of a CA must be for keyCertSign and cRLSign',
    check: ({ keyUsage = [] }) => keyUsage.includes('keyCertSign') && keyUsage.includes('cRLSign'),
  },
  {
    id: 'cabf-tls-ca-purpose',
    clause: 'CA/Browser Forum BR §7.1.2.10.6',
    where: 'extensions.extendedKeyUsage',
    requires: 'The certificate of a subordinate CA must have the purpose serverAuth',
    check: (view) => view.isSelfIssued || view.hasPurpose(serverAuth),
  },
  {
    id: 'cabf-tls-root-validity',
    clause: 'CA/Browser Forum BR §7.1.2.1.1',
    where: 'validity',
    requires: 'A root certificate must be valid for 2922 to 9132 days',
    check: ({ isSelfIssued, validityDays }) =>
      !isSelfIssued || (validityDays >= 2922 && validityDays <= 9132),
  },
);

const daysBetween = (
  from: Pick<DerElement, 'tag' | 'contents'>,
  to: Pick<DerElement, 'tag' | 'contents'>,
): number =>
  ((decodeTime(to.tag, to.contents)?.getTime() ?? NaN) -
    (decodeTime(from.tag, from.contents)?.getTime() ?? NaN)) /
  DAY;

export const TLS_LIST_RULES = rulesWith<CertificateListView>()(
  { ...PROFILE, where: 'nextUpdate' },
  {
    id: 'cabf-tls-crl-period',
    clause: 'CA/Browser Forum BR §4.9.7',
    requires: 'A CRL must be valid for at most twelve months, and one of user certificates for ten days',
    check: (view) => {
      const { thisUpdate, nextUpdate } = view.fields;
      return (
        nextUpdate === undefined ||
        !(daysBetween(thisUpdate, nextUpdate) > (view.scopes.includes(SCOPE.users) ? 10 : 366))
      );
    },
  },
);

export const TLS_OCSP_RULES = rulesWith<OcspView>()(
  { ...PROFILE, where: 'responses.nextUpdate' },
  {
    id: 'cabf-tls-ocsp-period',
    clause: 'CA/Browser Forum BR §4.9.10',
    requires: 'A response must be valid for 8 hours to 10 days',
    check: ({ data }) =>
      data.responses.every(({ thisUpdate, nextUpdate }) => {
        const days = nextUpdate === undefined ? 1 : daysBetween(thisUpdate, nextUpdate);
        return !(days < 1 / 3 || days > 10);
      }),
  },
);
