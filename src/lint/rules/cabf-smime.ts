/** The profile cabf-smime: certificates for mail (CA/Browser Forum S/MIME Baseline Requirements). */

import { extendedKeyUsageOid } from '../../formats/oids.ts';
import { EDWARDS, familyOf } from '../algorithms.ts';
import type { AnyName } from '../list-values.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView, SignedView } from '../views.ts';
import {
  hasClassicalKey,
  hasClassicalSignature,
  hasHttpPoints,
  hasLongSerial,
  namesOf,
  policiesOf,
} from './public-trust.ts';

const PROFILE = { profile: 'cabf-smime', only: 'received' } as const;

export const SMIME_SIGNATURE_RULES = rulesWith<SignedView>()(
  { ...PROFILE, where: 'signatureAlgorithm' },
  {
    id: 'cabf-smime-signature-algorithm',
    clause: 'CA/Browser Forum S/MIME BR §7.1.3.2',
    requires: 'A signature must be of RSA or ECDSA with SHA-2, EdDSA or ML-DSA',
    check: (view) =>
      hasClassicalSignature(view) ||
      EDWARDS.has(view.signature?.oid ?? '') ||
      familyOf(view.signature?.oid) === 'ml-dsa',
  },
);

const SMIME_FAMILIES: ReadonlySet<string | undefined> = new Set(['ml-dsa', 'ml-kem']);

export const SMIME_KEY_RULES = rulesWith<NamedKeyView>()(
  { ...PROFILE, where: 'subjectPublicKeyInfo' },
  {
    id: 'cabf-smime-key-algorithm',
    clause: 'CA/Browser Forum S/MIME BR §6.1.5',
    requires: 'A key must be of RSA with at least 2048 bits, a curve of NIST, EdDSA, ML-DSA or ML-KEM',
    check: (view) =>
      hasClassicalKey(view) ||
      EDWARDS.has(view.key?.oid ?? '') ||
      SMIME_FAMILIES.has(familyOf(view.key?.oid)),
  },
);

const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';
const EMAIL = '1.2.840.113549.1.9.1';

const isMailbox = (name: AnyName): boolean =>
  name.kind === 'email' || (name.kind === 'otherName' && name.type === SMTP_UTF8_MAILBOX);

/** Policies 2.23.140.1.5.N.M: N is mailbox, organization, sponsor or individual; M is legacy, multipurpose or strict. */
const POLICY = /^2\.23\.140\.1\.5\.[1-4]\.([1-3])$/;
const LEGACY = /^2\.23\.140\.1\.5\.[1-4]\.1$/;

const { serverAuth, codeSigning, timeStamping, emailProtection, anyExtendedKeyUsage } = extendedKeyUsageOid;
const FORBIDDEN: readonly string[] = [serverAuth, codeSigning, timeStamping, anyExtendedKeyUsage];

export const SMIME_RULES = rulesWith<CertificateView>()(
  { ...PROFILE, applies: ({ isCa }: CertificateView) => !isCa, where: 'extensions.extendedKeyUsage' },
  {
    id: 'cabf-smime-purpose',
    clause: 'CA/Browser Forum S/MIME BR §7.1.2.3',
    requires: 'The purpose emailProtection must be present',
    check: (view) => view.hasPurpose(emailProtection),
  },
  {
    id: 'cabf-smime-other-purposes',
    clause: 'CA/Browser Forum S/MIME BR §7.1.2.3',
    requires: 'The purposes serverAuth, codeSigning, timeStamping and anyExtendedKeyUsage must be absent',
    check: ({ purposes }) => !purposes.some((purpose) => FORBIDDEN.includes(purpose)),
  },
  {
    id: 'cabf-smime-mailbox',
    clause: 'CA/Browser Forum S/MIME BR §7.1.4.2.1',
    where: 'extensions.subjectAltName',
    requires: 'At least one mailbox must be present, as rfc822Name or SmtpUTF8Mailbox',
    check: (view) => namesOf(view).some(isMailbox),
  },
  {
    id: 'cabf-smime-name-kinds',
    clause: 'CA/Browser Forum S/MIME BR §7.1.4.2.1',
    where: 'extensions.subjectAltName',
    requires: 'Names of hosts, addresses and URIs must be absent',
    check: (view) => namesOf(view).every(({ kind }) => kind !== 'DNS' && kind !== 'IP' && kind !== 'URI'),
  },
  {
    id: 'cabf-smime-subject-mailbox',
    clause: 'CA/Browser Forum S/MIME BR §7.1.4.2.2',
    where: 'subject',
    requires: 'A mailbox in the subject must also be an alternative name',
    check: (view) => {
      const mailboxes = new Set(namesOf(view).map((name) => (name.kind === 'email' ? name.value : '')));
      return view.subjectAttributes.every(({ type, text = '' }) => type !== EMAIL || mailboxes.has(text));
    },
  },
  {
    id: 'cabf-smime-validity',
    clause: 'CA/Browser Forum S/MIME BR §6.3.2',
    where: 'validity',
    requires: 'The longest validity is 825 days, and 1185 with a legacy policy',
    check: (view) => view.validityDays <= (policiesOf(view).some((oid) => LEGACY.test(oid)) ? 1185 : 825),
  },
  {
    id: 'cabf-smime-policy',
    clause: 'CA/Browser Forum S/MIME BR §7.1.6.1',
    where: 'extensions.certificatePolicies',
    requires: 'Exactly one of the policies 2.23.140.1.5.1.1 to 2.23.140.1.5.4.3 must be present',
    check: (view) => policiesOf(view).filter((oid) => POLICY.test(oid)).length === 1,
  },
  {
    id: 'cabf-smime-serial-entropy',
    clause: 'CA/Browser Forum S/MIME BR §7.1',
    where: 'serialNumber',
    requires: 'A serial number must have at least 64 bits from a random generator',
    check: hasLongSerial,
  },
  {
    id: 'cabf-smime-crl',
    clause: 'CA/Browser Forum S/MIME BR §7.1.2.3',
    where: 'extensions.cRLDistributionPoints',
    requires: 'The certificate must name a CRL by HTTP URIs',
    check: (view) => view.has('cRLDistributionPoints') && hasHttpPoints(view),
  },
  {
    id: 'cabf-smime-key-usage',
    clause: 'CA/Browser Forum S/MIME BR §7.1.2.3',
    where: 'extensions.keyUsage',
    requires: 'keyUsage must be present',
    check: ({ keyUsage }) => keyUsage !== undefined,
  },
);
