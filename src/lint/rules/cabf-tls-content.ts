/** The profile cabf-tls: the names and the extensions of a server certificate (BR §7.1.2.7, §7.1.4). */

import { accessMethodOid } from '../../formats/oids.ts';
import { EC } from '../algorithms.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView } from '../views.ts';
import { hasKnownCommonNames } from './server-names.ts';
import {
  hasAccess,
  hasHttpAccess,
  hasHttpPoints,
  isPublicAddress,
  isPublicName,
  namesOf,
  policiesOf,
} from './public-trust.ts';

const END_ENTITY = {
  profile: 'cabf-tls',
  only: 'received',
  applies: ({ isCa }: CertificateView) => !isCa,
} as const;

const ORGANIZATION = '2.5.4.10';
const COUNTRY = '2.5.4.6';
const UNIT = '2.5.4.11';

const hasAttribute = ({ subjectAttributes }: CertificateView, oid: string): boolean =>
  subjectAttributes.some(({ type }) => type === oid);

export const TLS_NAME_RULES = rulesWith<CertificateView>()(
  { ...END_ENTITY, where: 'extensions.subjectAltName' },
  {
    id: 'cabf-tls-names-present',
    clause: 'CA/Browser Forum BR §7.1.2.7.12',
    requires: 'subjectAltName must be present',
    check: (view) => view.has('subjectAltName'),
  },
  {
    id: 'cabf-tls-name-kinds',
    clause: 'CA/Browser Forum BR §7.1.2.7.12',
    requires: 'Each name must be a dNSName or an iPAddress',
    check: (view) => namesOf(view).every(({ kind }) => kind === 'DNS' || kind === 'IP'),
  },
  {
    id: 'cabf-tls-no-underscore',
    clause: 'CA/Browser Forum BR §7.1.2.7.12',
    requires: 'A dNSName must not have an underscore',
    check: (view) => namesOf(view).every((name) => name.kind !== 'DNS' || !name.value.includes('_')),
  },
  {
    id: 'cabf-tls-public-names',
    clause: 'CA/Browser Forum BR §4.2.2',
    requires: 'A dNSName must be a public name, not one of an internal network',
    check: (view) => namesOf(view).every((name) => name.kind !== 'DNS' || isPublicName(name.value)),
  },
  {
    id: 'cabf-tls-public-addresses',
    clause: 'CA/Browser Forum BR §4.2.2',
    requires: 'An iPAddress must not be reserved',
    check: (view) => namesOf(view).every((name) => name.kind !== 'IP' || isPublicAddress(name.octets)),
  },
  {
    id: 'cabf-tls-wildcard',
    clause: 'CA/Browser Forum BR §3.2.2.6',
    requires: 'A wildcard must not be directly below a top-level domain',
    check: (view) => namesOf(view).every((name) => name.kind !== 'DNS' || !/^\*\.[^.]*$/.test(name.value)),
  },
  {
    id: 'cabf-tls-common-name',
    clause: 'CA/Browser Forum BR §7.1.4.3',
    where: 'subject',
    requires: 'The common name must be one of the alternative names',
    check: hasKnownCommonNames,
  },
  {
    id: 'cabf-tls-no-organizational-unit',
    clause: 'CA/Browser Forum BR §7.1.2.7.4',
    where: 'subject',
    requires: 'The subject must not have an organizational unit (OU)',
    check: (view) => !hasAttribute(view, UNIT),
  },
  {
    id: 'cabf-tls-organization-country',
    clause: 'CA/Browser Forum BR §7.1.2.7.4',
    where: 'subject',
    requires: 'A subject with an organization must have a country',
    check: (view) => !hasAttribute(view, ORGANIZATION) || hasAttribute(view, COUNTRY),
  },
);

/** Domain, organization and individual validated, and extended validation. */
const RESERVED_POLICIES: ReadonlySet<string> = new Set([
  '2.23.140.1.2.1',
  '2.23.140.1.2.2',
  '2.23.140.1.2.3',
  '2.23.140.1.1',
]);

/** In days, from 2026-03-15. */
const SHORT_LIVED = 7;

export const TLS_EXTENSION_RULES = rulesWith<CertificateView>()(
  { ...END_ENTITY, where: 'extensions' },
  {
    id: 'cabf-tls-policy',
    clause: 'CA/Browser Forum BR §7.1.6.1',
    where: 'extensions.certificatePolicies',
    requires: 'Exactly one of the policies that the CA/Browser Forum reserves must be present',
    check: (view) => policiesOf(view).filter((oid) => RESERVED_POLICIES.has(oid)).length === 1,
  },
  {
    id: 'cabf-tls-revocation',
    clause: 'CA/Browser Forum BR §7.1.2.11.2',
    requires:
      'The certificate must name a CRL, unless it is valid for at most seven days or names a responder',
    check: (view) =>
      view.has('cRLDistributionPoints') ||
      hasAccess(view, accessMethodOid.ocsp) ||
      view.validityDays <= SHORT_LIVED,
  },
  {
    id: 'cabf-tls-crl-http',
    clause: 'CA/Browser Forum BR §7.1.2.11.2',
    where: 'extensions.cRLDistributionPoints',
    requires: 'Each address of a CRL must be an HTTP URI',
    check: hasHttpPoints,
  },
  {
    id: 'cabf-tls-access-http',
    clause: 'CA/Browser Forum BR §7.1.2.7.7',
    where: 'extensions.authorityInfoAccess',
    requires: 'Each location must be an HTTP URI',
    check: hasHttpAccess,
  },
  {
    id: 'cabf-tls-ca-issuers',
    clause: 'CA/Browser Forum BR §7.1.2.7.7',
    severity: 'warning',
    where: 'extensions.authorityInfoAccess',
    requires: 'The certificate should name where that of its CA is',
    check: (view) => hasAccess(view, accessMethodOid.caIssuers),
  },
  {
    id: 'cabf-tls-key-usage',
    clause: 'CA/Browser Forum BR §7.1.2.7.11',
    where: 'extensions.keyUsage',
    requires: 'keyUsage must have only digitalSignature, and for RSA keyEncipherment, for EC keyAgreement',
    check: ({ key, keyUsage = [] }) =>
      keyUsage.every(
        (usage) =>
          usage === 'digitalSignature' || usage === (key?.oid === EC ? 'keyAgreement' : 'keyEncipherment'),
      ),
  },
);
