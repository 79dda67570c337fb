/**
 * Names of object identifiers that are only shown: extensions, purposes, policies and statements of other programs. Those
 * that the service itself uses are in `oids.ts`.
 */

import { SHOWN_NAMES } from './known-purposes.ts';
import { oidName } from './oids.ts';

/** RFC 2798, RFC 3739, RFC 3779, RFC 3820, RFC 6962, RFC 8360, X.509, ETSI, CA/Browser Forum and vendors. */
export const knownExtensionOid = Object.freeze({
  cRLNumber: '2.5.29.20',
  cRLReasons: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
  certificateIssuer: '2.5.29.29',
  roleSpecCertIdentifier: '2.5.29.39',
  basicAttConstraints: '2.5.29.41',
  delegatedNameConstraints: '2.5.29.42',
  timeSpecification: '2.5.29.43',
  attributeDescriptor: '2.5.29.48',
  userNotice: '2.5.29.49',
  sOAIdentifier: '2.5.29.50',
  acceptableCertPolicies: '2.5.29.52',
  targetingInformation: '2.5.29.55',
  acceptablePrivPolicies: '2.5.29.57',
  indirectIssuer: '2.5.29.61',
  noAssertion: '2.5.29.62',
  aAissuingDistributionPoint: '2.5.29.63',
  issuedOnBehalfOf: '2.5.29.64',
  singleUse: '2.5.29.65',
  groupAC: '2.5.29.66',
  allowedAttributeAssignments: '2.5.29.67',
  attributeMappings: '2.5.29.68',
  holderNameConstraints: '2.5.29.69',
  authorizationValidation: '2.5.29.70',
  protRestrict: '2.5.29.71',
  subjectAltPublicKeyInfo: '2.5.29.72',
  altSignatureAlgorithm: '2.5.29.73',
  altSignatureValue: '2.5.29.74',
  associatedInformation: '2.5.29.75',
  biometricInfo: '1.3.6.1.5.5.7.1.2',
  qcStatements: '1.3.6.1.5.5.7.1.3',
  auditIdentity: '1.3.6.1.5.5.7.1.4',
  acTargeting: '1.3.6.1.5.5.7.1.5',
  aaControls: '1.3.6.1.5.5.7.1.6',
  ipAddrBlocks: '1.3.6.1.5.5.7.1.7',
  autonomousSysIds: '1.3.6.1.5.5.7.1.8',
  routerIdentifier: '1.3.6.1.5.5.7.1.9',
  acProxying: '1.3.6.1.5.5.7.1.10',
  logotype: '1.3.6.1.5.5.7.1.12',
  proxyCertInfo: '1.3.6.1.5.5.7.1.14',
  tnAuthList: '1.3.6.1.5.5.7.1.26',
  mudURL: '1.3.6.1.5.5.7.1.25',
  'ipAddrBlocks-v2': '1.3.6.1.5.5.7.1.28',
  'autonomousSysIds-v2': '1.3.6.1.5.5.7.1.29',
  acmeIdentifier: '1.3.6.1.5.5.7.1.31',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspCrlID: '1.3.6.1.5.5.7.48.1.3',
  ocspAcceptableResponses: '1.3.6.1.5.5.7.48.1.4',
  ocspArchiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  ocspServiceLocator: '1.3.6.1.5.5.7.48.1.7',
  smimeCapabilities: '1.2.840.113549.1.9.15',
  strongExtranetID: '1.3.101.1.4.1',
  admission: '1.3.36.8.3.3',
  dateOfCertGen: '1.3.36.8.3.1',
  precertificatePoison: '1.3.6.1.4.1.11129.2.4.3',
  certificateTimestampsOfTls: '1.3.6.1.4.1.11129.2.4.5',
  netscapeBaseUrl: '2.16.840.1.113730.1.2',
  netscapeRevocationUrl: '2.16.840.1.113730.1.3',
  netscapeCaRevocationUrl: '2.16.840.1.113730.1.4',
  netscapeRenewalUrl: '2.16.840.1.113730.1.7',
  netscapeCaPolicyUrl: '2.16.840.1.113730.1.8',
  netscapeSslServerName: '2.16.840.1.113730.1.12',
  setHashedRootKey: '2.23.42.7.0',
  setCertificateType: '2.23.42.7.1',
  entrustVersInfo: '1.2.840.113533.7.65.0',
  msCertificateTemplateName: '1.3.6.1.4.1.311.20.2',
  msCaVersion: '1.3.6.1.4.1.311.21.1',
  msPreviousCertificateHash: '1.3.6.1.4.1.311.21.2',
  msCrlVirtualBase: '1.3.6.1.4.1.311.21.3',
  msNextCrlPublish: '1.3.6.1.4.1.311.21.4',
  msCertificateTemplate: '1.3.6.1.4.1.311.21.7',
  msApplicationPolicies: '1.3.6.1.4.1.311.21.10',
  msApplicationPolicyMappings: '1.3.6.1.4.1.311.21.11',
  msApplicationPolicyConstraints: '1.3.6.1.4.1.311.21.12',
  msNtdsCaSecurity: '1.3.6.1.4.1.311.25.2',
  pivInterim: '2.16.840.1.101.3.6.9.1',
  subjectSignTool: '1.2.643.100.111',
  issuerSignTool: '1.2.643.100.112',
  cabfOrganizationIdentifier: '2.23.140.3.1',
  torServiceDescriptor: '2.23.140.1.31',
  tcgRelevantCredentials: '2.23.133.6.2',
  tcgRelevantManifests: '2.23.133.6.3',
  diceTcbInfo: '2.23.133.5.4.1',
  diceUeid: '2.23.133.5.4.4',
  diceMultiTcbInfo: '2.23.133.5.4.5',
  deltaCertificateDescriptor: '2.16.840.1.114027.80.6.1',
  tlsDelegationUsage: '1.3.6.1.4.1.44363.44',
  yubicoFirmwareVersion: '1.3.6.1.4.1.41482.3.3',
  yubicoSerialNumber: '1.3.6.1.4.1.41482.3.7',
  yubicoPinAndTouchPolicy: '1.3.6.1.4.1.41482.3.8',
  yubicoFormFactor: '1.3.6.1.4.1.41482.3.9',
  yubicoFipsCertified: '1.3.6.1.4.1.41482.3.10',
  yubicoCspnCertified: '1.3.6.1.4.1.41482.3.11',
  fidoU2fTransports: '1.3.6.1.4.1.45724.2.1.1',
  fidoAaguid: '1.3.6.1.4.1.45724.1.1.4',
  androidKeyAttestation: '1.3.6.1.4.1.11129.2.1.17',
  androidProvisioningInfo: '1.3.6.1.4.1.11129.2.1.30',
  intelSgx: '1.2.840.113741.1.13.1',
  amdBootLoaderVersion: '1.3.6.1.4.1.3704.1.3.1',
  amdTeeVersion: '1.3.6.1.4.1.3704.1.3.2',
  amdSnpVersion: '1.3.6.1.4.1.3704.1.3.3',
  amdMicrocodeVersion: '1.3.6.1.4.1.3704.1.3.8',
  amdHardwareId: '1.3.6.1.4.1.3704.1.4',
  fulcioIssuer: '1.3.6.1.4.1.57264.1.1',
  'fulcioIssuer-v2': '1.3.6.1.4.1.57264.1.8',
  appleDeveloperIdDate: '1.2.840.113635.100.6.1.33',
  appleMacAppSigningSubmission: '1.2.840.113635.100.6.1.3',
  appleIosAppSigning: '1.2.840.113635.100.6.1.4',
  appleMacAppSigning: '1.2.840.113635.100.6.1.7',
  appleMacInstallerSigning: '1.2.840.113635.100.6.1.8',
  appleDeveloperIdApplication: '1.2.840.113635.100.6.1.13',
  appleDeveloperIdInstaller: '1.2.840.113635.100.6.1.14',
  appleWwdrIntermediate: '1.2.840.113635.100.6.2.1',
  appleDeveloperIdIntermediate: '1.2.840.113635.100.6.2.6',
  appleServerIntermediate: '1.2.840.113635.100.6.2.12',
  appleServerAuthentication: '1.2.840.113635.100.6.27.3.2',
  appleAnonymousAttestation: '1.2.840.113635.100.8.2',
  appleKeyAttestation: '1.2.840.113635.100.8.5',
  appleOsAttestation: '1.2.840.113635.100.8.7',
});

/** Attributes of certification requests that Windows, EST and CMC write. */
export const knownAttributeOid = Object.freeze({
  unstructuredAddress: '1.2.840.113549.1.9.8',
  friendlyName: '1.2.840.113549.1.9.20',
  msExtensions: '1.3.6.1.4.1.311.2.1.14',
  msEnrollmentNameValuePair: '1.3.6.1.4.1.311.13.2.1',
  msEnrollmentCspProvider: '1.3.6.1.4.1.311.13.2.2',
  msOsVersion: '1.3.6.1.4.1.311.13.2.3',
  msRenewalCertificate: '1.3.6.1.4.1.311.13.1',
  msRequestClientInfo: '1.3.6.1.4.1.311.21.20',
  otpChallenge: '1.2.840.113549.1.9.16.2.56',
  revocationChallenge: '1.2.840.113549.1.9.16.2.57',
  estIdentityLinking: '1.2.840.113549.1.9.16.2.58',
  regTokenControl: '1.3.6.1.5.5.7.5.1.1',
  authenticatorControl: '1.3.6.1.5.5.7.5.1.2',
});

const NAMES: ReadonlyMap<string, string> = new Map(
  [knownExtensionOid, knownAttributeOid, ...SHOWN_NAMES].flatMap((table) =>
    Object.entries(table).map(([name, oid]): [string, string] => [oid, name]),
  ),
);

/** {@link oidName} with the names of this file: for descriptions. */
export function shownOidName(oid: string): string {
  const name = oidName(oid);
  return name === oid ? (NAMES.get(oid) ?? oid) : name;
}

/**
 * Returns the name of an OID that the service uses; for another known one the OID and its name, as in
 * `2.23.140.1.2.1 (cabf-domain-validated)`; otherwise the OID.
 */
export function oidWithName(oid: string): string {
  const name = oidName(oid);
  const shown = NAMES.get(oid);
  return name === oid && shown !== undefined ? `${oid} (${shown})` : name;
}
