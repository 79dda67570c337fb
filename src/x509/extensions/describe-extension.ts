/** Describes extensions in readable lines. */

import { PkiError } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { extensionOid, oidName } from '../../formats/oids.ts';
import type { ExtensionDescription, ExtensionSummary } from '../description/description.ts';
import { describeAlternativeNames } from './alternative-names.ts';
import { describeBasicConstraints, readBasicConstraints } from './basic-constraints.ts';
import { describeCertificatePolicies } from './certificate-policies.ts';
import { describeCertificateTimestamps } from './certificate-timestamps.ts';
import { describeDistributionPoints } from './distribution-points.ts';
import { describeExtendedKeyUsage } from './extended-key-usage.ts';
import { extensionValue, type Extension } from './extension.ts';
import { describeInformationAccess } from './information-access.ts';
import {
  describeAuthorityKeyIdentifier,
  describeSubjectKeyIdentifier,
  readAuthorityKeyIdentifier,
} from './key-identifiers.ts';
import { describeKeyUsage, readKeyUsage } from './key-usage.ts';
import { describeNameConstraints } from './name-constraints.ts';
import { describeNetscapeCertType, describeNetscapeComment } from './netscape.ts';
import {
  describeInhibitAnyPolicy,
  describePolicyConstraints,
  describePolicyMappings,
} from './policy-processing.ts';
import { describePrivateKeyUsagePeriod } from './private-key-usage-period.ts';
import { describeTlsFeature } from './tls-feature.ts';

type Format = (value: Der) => string[];

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  [extensionOid.basicConstraints, describeBasicConstraints],
  [extensionOid.keyUsage, describeKeyUsage],
  [extensionOid.extendedKeyUsage, describeExtendedKeyUsage],
  [extensionOid.subjectKeyIdentifier, describeSubjectKeyIdentifier],
  [extensionOid.authorityKeyIdentifier, describeAuthorityKeyIdentifier],
  [extensionOid.subjectAltName, describeAlternativeNames],
  [extensionOid.issuerAltName, describeAlternativeNames],
  [extensionOid.nameConstraints, describeNameConstraints],
  [extensionOid.authorityInfoAccess, describeInformationAccess],
  [extensionOid.subjectInfoAccess, describeInformationAccess],
  [extensionOid.certificatePolicies, describeCertificatePolicies],
  [extensionOid.cRLDistributionPoints, describeDistributionPoints],
  [extensionOid.freshestCRL, describeDistributionPoints],
  [extensionOid.policyMappings, describePolicyMappings],
  [extensionOid.policyConstraints, describePolicyConstraints],
  [extensionOid.inhibitAnyPolicy, describeInhibitAnyPolicy],
  [extensionOid.privateKeyUsagePeriod, describePrivateKeyUsagePeriod],
  [extensionOid.tlsFeature, describeTlsFeature],
  [extensionOid.signedCertificateTimestamps, describeCertificateTimestamps],
  [extensionOid.netscapeCertType, describeNetscapeCertType],
  [extensionOid.netscapeComment, describeNetscapeComment],
  [extensionOid.noRevAvail, () => ['no revocation information is published']],
  [extensionOid.ocspNoCheck, () => ['revocation is not checked']],
]);

/** An unknown or malformed value is shown in hexadecimal. */
export const describeExtension = ({ oid, critical, value, fault }: Extension): ExtensionDescription => ({
  oid,
  name: oidName(oid),
  critical,
  value: fault === undefined ? formatValue(oid, value) : [hexadecimal(value)],
});

/** Returns the values of the most important extensions. A malformed extension is only in the full list, in hexadecimal. */
export function summarizeExtensions(extensions: readonly Extension[]): ExtensionSummary {
  const read = <T>(oid: string, reader: (value: Der) => T): T | undefined =>
    ifWellFormed(() => {
      const value = extensionValue(extensions, oid);
      return value && reader(value);
    });
  const constraints = read(extensionOid.basicConstraints, readBasicConstraints);
  const authority = read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  const text = (oid: string): string[] | undefined => read(oid, (value) => FORMATS.get(oid)?.(value) ?? []);
  return {
    isCa: constraints?.cA ?? false,
    pathLength: constraints?.pathLength,
    subjectAltNames: text(extensionOid.subjectAltName) ?? [],
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    extendedKeyUsage: text(extensionOid.extendedKeyUsage),
    subjectKeyIdentifier: text(extensionOid.subjectKeyIdentifier)?.[0],
    authorityKeyIdentifier: authority?.keyIdentifier && hexadecimal(authority.keyIdentifier),
  };
}

const formatValue = (oid: string, value: Der): string[] =>
  ifWellFormed(() => FORMATS.get(oid)?.(value)) ?? [hexadecimal(value)];

function ifWellFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
