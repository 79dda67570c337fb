/** The extensions that are shown in readable lines, by their OID. */

import type { Der } from '../../formats/der/header.ts';
import { knownExtensionOid as known } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { describeAdmission } from './admission.ts';
import { describeAlternativeNames } from './alternative-names.ts';
import { describeAttributeConstraints } from './attribute-constraints.ts';
import { describeBasicConstraints } from './basic-constraints.ts';
import { describeBiometricInformation } from './biometric-information.ts';
import {
  describeApplicationPolicies,
  describeCertificatePolicies,
  describeUserNotices,
} from './certificate-policies.ts';
import { describeCertificateTimestamps } from './certificate-timestamps.ts';
import { describeIssuingDistributionPoint, describeReasonCode } from './crl-extensions.ts';
import { describeDirectoryAttributes } from './directory-attributes.ts';
import { describeDistributionPoints } from './distribution-points.ts';
import { describeExtendedKeyUsage } from './extended-key-usage.ts';
import { describeTransports } from './fido.ts';
import { describeInformationAccess } from './information-access.ts';
import { describeAutonomousSystems, describeIpAddressBlocks } from './internet-resources.ts';
import { describeAuthorityKeyIdentifier, describeSubjectKeyIdentifier } from './key-identifiers.ts';
import { describeKeyUsage } from './key-usage.ts';
import { describeEntrustVersion, describeHashedRootKey } from './legacy.ts';
import { describeCapabilities, describeIdentifiers, describeTexts } from './lists.ts';
import { describeCaVersion, describeCertificateTemplate, describeSecurityIdentifier } from './microsoft.ts';
import { describeNameConstraints } from './name-constraints.ts';
import { describeNetscapeCertType, describeNetscapeComment } from './netscape.ts';
import { PLAIN_VALUES } from './plain-values.ts';
import {
  describeInhibitAnyPolicy,
  describePolicyConstraints,
  describePolicyMappings,
} from './policy-processing.ts';
import { describePrivateKeyUsagePeriod } from './private-key-usage-period.ts';
import { describeProxyCertificate } from './proxy-certificate.ts';
import { describeQualifiedStatements } from './qualified-statements.ts';
import { describeRelatedCertificate } from './related-certificate.ts';
import { describeStrongExtranet } from './strong-extranet.ts';
import { describeTlsFeature } from './tls-feature.ts';

/** Returns readable lines. Throws PkiError for a value that does not have the structure of its type. */
type Describe = (value: Der) => string[];

const DESCRIPTIONS: ReadonlyMap<string, Describe> = new Map<string, Describe>([
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
  [extensionOid.issuingDistributionPoint, describeIssuingDistributionPoint],
  [extensionOid.relatedCertificate, describeRelatedCertificate],
  [extensionOid.policyMappings, describePolicyMappings],
  [extensionOid.policyConstraints, describePolicyConstraints],
  [extensionOid.inhibitAnyPolicy, describeInhibitAnyPolicy],
  [extensionOid.privateKeyUsagePeriod, describePrivateKeyUsagePeriod],
  [extensionOid.subjectDirectoryAttributes, describeDirectoryAttributes],
  [extensionOid.tlsFeature, describeTlsFeature],
  [extensionOid.signedCertificateTimestamps, describeCertificateTimestamps],
  [extensionOid.netscapeCertType, describeNetscapeCertType],
  [extensionOid.netscapeComment, describeNetscapeComment],
  [extensionOid.noRevAvail, () => ['no revocation information is published']],
  [extensionOid.ocspNoCheck, () => ['revocation is not checked']],
  [known.cRLReasons, describeReasonCode],
  [known.certificateIssuer, describeAlternativeNames],
  [known.basicAttConstraints, describeAttributeConstraints],
  [known.delegatedNameConstraints, describeNameConstraints],
  [known.holderNameConstraints, describeNameConstraints],
  [known.userNotice, describeUserNotices],
  [known.acceptableCertPolicies, describeIdentifiers],
  [known.acceptablePrivPolicies, describeIdentifiers],
  [known.ocspAcceptableResponses, describeIdentifiers],
  [known.smimeCapabilities, describeCapabilities],
  [known.biometricInfo, describeBiometricInformation],
  [known.qcStatements, describeQualifiedStatements],
  [known.ipAddrBlocks, describeIpAddressBlocks],
  [known['ipAddrBlocks-v2'], describeIpAddressBlocks],
  [known.autonomousSysIds, describeAutonomousSystems],
  [known['autonomousSysIds-v2'], describeAutonomousSystems],
  [known.proxyCertInfo, describeProxyCertificate],
  [known.strongExtranetID, describeStrongExtranet],
  [known.admission, describeAdmission],
  [known.certificateTimestampsOfTls, describeCertificateTimestamps],
  [known.msCaVersion, describeCaVersion],
  [known.msCertificateTemplate, describeCertificateTemplate],
  [known.msApplicationPolicies, describeApplicationPolicies],
  [known.msApplicationPolicyMappings, describePolicyMappings],
  [known.msApplicationPolicyConstraints, describePolicyConstraints],
  [known.msNtdsCaSecurity, describeSecurityIdentifier],
  [known.issuerSignTool, describeTexts('signTool', 'cATool', 'signToolCert', 'cAToolCert')],
  [known.cabfOrganizationIdentifier, describeTexts('scheme', 'country', 'reference', 'reference')],
  [known.fidoU2fTransports, describeTransports],
  [known.entrustVersInfo, describeEntrustVersion],
  [known.setHashedRootKey, describeHashedRootKey],
  ...PLAIN_VALUES,
]);

/** Returns the lines of a value that is known; undefined for an unknown extension. Throws PkiError for a malformed value. */
export const describeValue = (oid: string, value: Der): string[] | undefined =>
  DESCRIPTIONS.get(oid)?.(value);
