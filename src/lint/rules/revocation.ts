/** How a relying party learns of a revocation, and other extensions that point at documents of the CA. */

import type { Der } from '../../formats/der/header.ts';
import { nullValue } from '../../formats/der/writer.ts';
import { accessMethodOid, extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { readPolicyIdentifiers } from '../../x509/extensions/certificate-policies.ts';
import { checkDistributionPoints } from '../../x509/extensions/distribution-points.ts';
import { extensionValue } from '../../x509/extensions/extension.ts';
import { readAccessMethods } from '../../x509/extensions/information-access.ts';
import { readTlsFeatures } from '../../x509/extensions/tls-feature.ts';
import { criticality, type CertificateContent } from '../content.ts';
import type { Rule } from '../rule.ts';

const NULL = nullValue();

const has = ({ extensions }: CertificateContent, oid: string): boolean =>
  extensionValue(extensions, oid) !== undefined;

/** Whether the value of the extension passes `check`, if the extension is present. */
function keeps({ extensions }: CertificateContent, oid: string, check: (value: Der) => boolean): boolean {
  const value = extensionValue(extensions, oid);
  return value === undefined || check(value);
}

const isNull = (value: Der): boolean => Buffer.compare(value, NULL) === 0;

const namesOcspResponder = (value: Der): boolean => readAccessMethods(value).includes(accessMethodOid.ocsp);

export const REVOCATION_RULES: readonly Rule<CertificateContent>[] = [
  {
    id: 'rfc9608-no-rev-avail-value',
    clause: 'RFC 9608 §2',
    severity: 'error',
    where: 'extensions.noRevAvail',
    check: (content) =>
      keeps(content, extensionOid.noRevAvail, isNull) &&
      criticality(content, extensionOid.noRevAvail) !== true,
  },
  {
    id: 'rfc9608-no-rev-avail-not-ca',
    clause: 'RFC 9608 §3',
    severity: 'error',
    where: 'extensions.noRevAvail',
    check: (content) => !has(content, extensionOid.noRevAvail) || content.basicConstraints?.cA !== true,
  },
  {
    id: 'rfc9608-no-rev-avail-alone',
    clause: 'RFC 9608 §3',
    severity: 'error',
    where: 'extensions.noRevAvail',
    check: (content) =>
      !has(content, extensionOid.noRevAvail) ||
      (!has(content, extensionOid.cRLDistributionPoints) &&
        !has(content, extensionOid.freshestCRL) &&
        keeps(content, extensionOid.authorityInfoAccess, (value) => !namesOcspResponder(value))),
  },
  {
    id: 'rfc6960-ocsp-no-check',
    clause: 'RFC 6960 §4.2.2.2.1',
    severity: 'error',
    where: 'extensions.ocspNoCheck',
    check: (content) =>
      keeps(content, extensionOid.ocspNoCheck, isNull) &&
      (!has(content, extensionOid.ocspNoCheck) ||
        content.extendedKeyUsage?.includes(extendedKeyUsageOid.OCSPSigning) === true),
  },
  {
    id: 'rfc5280-crl-distribution-points',
    clause: 'RFC 5280 §4.2.1.13',
    severity: 'error',
    where: 'extensions.cRLDistributionPoints',
    check: (content) =>
      keeps(content, extensionOid.cRLDistributionPoints, (value) => {
        checkDistributionPoints(value);
        return true;
      }),
  },
  {
    id: 'rfc5280-authority-information-access',
    clause: 'RFC 5280 §4.2.2.1',
    severity: 'error',
    where: 'extensions.authorityInfoAccess',
    check: (content) =>
      keeps(content, extensionOid.authorityInfoAccess, (value) => readAccessMethods(value).length > 0),
  },
  {
    id: 'rfc5280-certificate-policies',
    clause: 'RFC 5280 §4.2.1.4',
    severity: 'error',
    where: 'extensions.certificatePolicies',
    check: (content) =>
      keeps(content, extensionOid.certificatePolicies, (value) => readPolicyIdentifiers(value).length > 0),
  },
  {
    id: 'rfc7633-tls-feature',
    clause: 'RFC 7633 §4.1',
    severity: 'error',
    where: 'extensions.tlsFeature',
    check: (content) => keeps(content, extensionOid.tlsFeature, (value) => readTlsFeatures(value).length > 0),
  },
];
