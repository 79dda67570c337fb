/** Where CRLs, responders and the certificates of CAs are (RFC 5280 §4.2.1.13, §4.2.1.15, §4.2.2; RFC 6960 §3.1). */

import { accessMethodOid } from '../../formats/oids.ts';
import { rulesWith } from '../rule.ts';
import type { Access, AnyName, Point } from '../list-values.ts';
import type { CertificateView } from '../views.ts';

const pointsOf = (view: CertificateView): readonly Point[] => view.value('cRLDistributionPoints') ?? [];
const accessesOf = (view: CertificateView): readonly Access[] => view.value('authorityInfoAccess') ?? [];

const isUri = (name: AnyName, pattern: RegExp): boolean => name.kind === 'URI' && pattern.test(name.value);

const ABSOLUTE = /^[a-z][a-z\d+.-]*:./i;
const HTTP_OR_LDAP = /^(?:http|ldap):/i;
const SECURED = /^(?:https|ldaps):/i;

export const DISTRIBUTION_RULES = rulesWith<CertificateView>()(
  {
    where: 'extensions.cRLDistributionPoints',
    applies: (view: CertificateView) => view.has('cRLDistributionPoints'),
  },
  {
    id: 'rfc5280-crl-distribution-points',
    clause: 'RFC 5280 §4.2.1.13',
    requires: 'A point must have distributionPoint or cRLIssuer, never reasons alone',
    check: (view) =>
      pointsOf(view).every(
        ({ names, isRelative, hasIssuer }) => names !== undefined || isRelative || hasIssuer,
      ),
  },
  {
    id: 'rfc5280-crl-distribution-points-not-critical',
    clause: 'RFC 5280 §4.2.1.13',
    severity: 'warning',
    requires: 'The extension should not be critical',
    check: (view) => view.isCritical('cRLDistributionPoints') !== true,
  },
  {
    id: 'rfc5280-crl-distribution-points-reasons',
    clause: 'RFC 5280 §4.2.1.13',
    severity: 'warning',
    requires: 'CRLs should not be separated by reason',
    check: (view) => pointsOf(view).every(({ hasReasons }) => !hasReasons),
  },
  {
    id: 'rfc5280-crl-distribution-points-relative',
    clause: 'RFC 5280 §4.2.1.13',
    severity: 'warning',
    requires: 'A point should not have a name that is relative to the CRL issuer',
    check: (view) => pointsOf(view).every(({ isRelative }) => !isRelative),
  },
  {
    id: 'rfc5280-crl-distribution-points-uri',
    clause: 'RFC 5280 §4.2.1.13',
    severity: 'warning',
    requires: 'A point should have an LDAP or HTTP URI',
    check: (view) =>
      pointsOf(view).every(({ names }) => names?.some((name) => isUri(name, HTTP_OR_LDAP)) !== false),
  },
  {
    id: 'rfc5280-crl-distribution-points-secured',
    clause: 'RFC 5280 §8',
    severity: 'warning',
    requires: 'A point should not have an https or ldaps URI: its certificate would be validated in turn',
    check: (view) =>
      !pointsOf(view).some(({ names }) => names?.some((name) => isUri(name, SECURED)) === true),
  },
  {
    id: 'rfc5280-freshest-crl-not-critical',
    clause: 'RFC 5280 §4.2.1.15',
    where: 'extensions.freshestCRL',
    requires: 'The extension must not be critical',
    applies: (view) => view.has('freshestCRL'),
    check: (view) => view.isCritical('freshestCRL') !== true,
  },
);

export const ACCESS_RULES = rulesWith<CertificateView>()(
  {
    where: 'extensions.authorityInfoAccess',
    applies: (view: CertificateView) => view.has('authorityInfoAccess'),
  },
  {
    id: 'rfc5280-authority-information-access',
    clause: 'RFC 5280 §4.2.2.1',
    requires: 'A location that is a URI must be absolute',
    check: (view) =>
      accessesOf(view).every(({ location }) => location.kind !== 'URI' || isUri(location, ABSOLUTE)),
  },
  {
    id: 'rfc5280-authority-information-access-not-critical',
    clause: 'RFC 5280 §4.2.2.1',
    requires: 'The extension must not be critical',
    check: (view) => view.isCritical('authorityInfoAccess') !== true,
  },
  {
    id: 'rfc6960-ocsp-location-uri',
    clause: 'RFC 6960 §3.1',
    requires: 'The location of an OCSP responder must be a URI',
    check: (view) =>
      accessesOf(view).every(
        ({ method, location }) => method !== accessMethodOid.ocsp || location.kind === 'URI',
      ),
  },
  {
    id: 'rfc5280-ca-issuers-uri',
    clause: 'RFC 5280 §4.2.2.1',
    severity: 'warning',
    requires: 'caIssuers should have an LDAP or HTTP URI',
    check: (view) =>
      accessesOf(view).every(
        ({ method, location }) => method !== accessMethodOid.caIssuers || isUri(location, HTTP_OR_LDAP),
      ),
  },
  {
    id: 'rfc5280-subject-information-access-not-critical',
    clause: 'RFC 5280 §4.2.2.2',
    where: 'extensions.subjectInfoAccess',
    requires: 'The extension must not be critical',
    applies: (view) => view.has('subjectInfoAccess'),
    check: (view) => view.isCritical('subjectInfoAccess') !== true,
  },
);

export const OTHER_EXTENSION_RULES = rulesWith<CertificateView>()(
  {},
  {
    id: 'rfc5280-issuer-alternative-name-not-critical',
    clause: 'RFC 5280 §4.2.1.7',
    severity: 'warning',
    where: 'extensions.issuerAltName',
    requires: 'The extension should not be critical',
    check: (view) => view.isCritical('issuerAltName') !== true,
  },
  {
    id: 'rfc5280-directory-attributes-not-critical',
    clause: 'RFC 5280 §4.2.1.8',
    where: 'extensions.subjectDirectoryAttributes',
    requires: 'The extension must not be critical',
    check: (view) => view.isCritical('subjectDirectoryAttributes') !== true,
  },
  {
    id: 'rfc5280-private-key-usage-period',
    clause: 'RFC 5280 appendix A.2',
    severity: 'notice',
    where: 'extensions.privateKeyUsagePeriod',
    requires: 'The internet profile does not use privateKeyUsagePeriod',
    check: (view) => !view.has('privateKeyUsagePeriod'),
  },
  {
    id: 'netscape-extensions',
    clause: 'RFC 5280 §4.2',
    severity: 'notice',
    where: 'extensions',
    requires: 'The extensions of Netscape are no longer used',
    check: (view) => !view.has('netscapeCertType') && !view.has('netscapeComment'),
  },
  {
    id: 'rfc7633-tls-feature',
    clause: 'RFC 7633 §4.1',
    where: 'extensions.tlsFeature',
    requires: 'The extension must have at least one feature',
    applies: (view) => view.has('tlsFeature'),
    check: (view) => (view.value('tlsFeature') ?? []).length > 0,
  },
);
