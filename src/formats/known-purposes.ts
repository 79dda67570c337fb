/** Names of purposes, policies and statements that are only shown. */

/** Purposes of extKeyUsage. */
const PURPOSES = {
  ipsecEndSystem: '1.3.6.1.5.5.7.3.5',
  ipsecTunnel: '1.3.6.1.5.5.7.3.6',
  ipsecUser: '1.3.6.1.5.5.7.3.7',
  dvcs: '1.3.6.1.5.5.7.3.10',
  eapOverPPP: '1.3.6.1.5.5.7.3.13',
  eapOverLAN: '1.3.6.1.5.5.7.3.14',
  ipsecIKE: '1.3.6.1.5.5.7.3.17',
  sipDomain: '1.3.6.1.5.5.7.3.20',
  secureShellClient: '1.3.6.1.5.5.7.3.21',
  secureShellServer: '1.3.6.1.5.5.7.3.22',
  cmcCA: '1.3.6.1.5.5.7.3.27',
  cmcRA: '1.3.6.1.5.5.7.3.28',
  cmcArchive: '1.3.6.1.5.5.7.3.29',
  bgpsecRouter: '1.3.6.1.5.5.7.3.30',
  brandIndicatorForMessageIdentification: '1.3.6.1.5.5.7.3.31',
  kerberosClient: '1.3.6.1.5.2.3.4',
  kerberosKdc: '1.3.6.1.5.2.3.5',
  msIndividualCodeSigning: '1.3.6.1.4.1.311.2.1.21',
  msCommercialCodeSigning: '1.3.6.1.4.1.311.2.1.22',
  msTrustListSigning: '1.3.6.1.4.1.311.10.3.1',
  msServerGatedCrypto: '1.3.6.1.4.1.311.10.3.3',
  msEncryptedFileSystem: '1.3.6.1.4.1.311.10.3.4',
  msEfsRecovery: '1.3.6.1.4.1.311.10.3.4.1',
  msWhqlCrypto: '1.3.6.1.4.1.311.10.3.5',
  msDocumentSigning: '1.3.6.1.4.1.311.10.3.12',
  msLifetimeSigning: '1.3.6.1.4.1.311.10.3.13',
  msSmartcardLogin: '1.3.6.1.4.1.311.20.2.2',
  msCertificateRequestAgent: '1.3.6.1.4.1.311.20.2.1',
  msKeyRecoveryAgent: '1.3.6.1.4.1.311.21.6',
  msCaExchange: '1.3.6.1.4.1.311.21.5',
  msRemoteDesktop: '1.3.6.1.4.1.311.54.1.2',
  netscapeServerGatedCrypto: '2.16.840.1.113730.4.1',
  adobePdfSigning: '1.2.840.113583.1.1.5',
  appleCodeSigning: '1.2.840.113635.100.4.1',
  pivCardAuthentication: '2.16.840.1.101.3.6.8',
  pivContentSigning: '2.16.840.1.101.3.6.7',
  tcgEKCertificate: '2.23.133.8.1',
  tcgPlatformAttributeCertificate: '2.23.133.8.2',
  tcgAIKCertificate: '2.23.133.8.3',
  tcgPlatformKeyCertificate: '2.23.133.8.4',
  precertificateSigning: '1.3.6.1.4.1.11129.2.4.4',
};

/** Policies of the CA/Browser Forum and of ETSI. */
const POLICIES = {
  'cabf-ev': '2.23.140.1.1',
  'cabf-domain-validated': '2.23.140.1.2.1',
  'cabf-organization-validated': '2.23.140.1.2.2',
  'cabf-individual-validated': '2.23.140.1.2.3',
  'cabf-ev-code-signing': '2.23.140.1.3',
  'cabf-code-signing': '2.23.140.1.4.1',
  'cabf-time-stamping': '2.23.140.1.4.2',
  'etsi-ncp': '0.4.0.2042.1.1',
  'etsi-ncp-plus': '0.4.0.2042.1.2',
  'etsi-lcp': '0.4.0.2042.1.3',
  'etsi-evcp': '0.4.0.2042.1.4',
  'etsi-dvcp': '0.4.0.2042.1.6',
  'etsi-ovcp': '0.4.0.2042.1.7',
  'etsi-qcp-natural': '0.4.0.194112.1.0',
  'etsi-qcp-legal': '0.4.0.194112.1.1',
  'etsi-qcp-natural-qscd': '0.4.0.194112.1.2',
  'etsi-qcp-legal-qscd': '0.4.0.194112.1.3',
  'etsi-qcp-web': '0.4.0.194112.1.4',
};

/** Statements of qcStatements (RFC 3739 §3.2.6, ETSI EN 319 412-5, ETSI TS 119 495). */
export const statementOid = Object.freeze({
  'pkixQCSyntax-v1': '1.3.6.1.5.5.7.11.1',
  'pkixQCSyntax-v2': '1.3.6.1.5.5.7.11.2',
  qcCompliance: '0.4.0.1862.1.1',
  qcLimitValue: '0.4.0.1862.1.2',
  qcRetentionPeriod: '0.4.0.1862.1.3',
  qcSSCD: '0.4.0.1862.1.4',
  qcPDS: '0.4.0.1862.1.5',
  qcType: '0.4.0.1862.1.6',
  qcCClegislation: '0.4.0.1862.1.7',
  psd2: '0.4.0.19495.2',
});

const STATEMENT_VALUES = {
  esign: '0.4.0.1862.1.6.1',
  eseal: '0.4.0.1862.1.6.2',
  web: '0.4.0.1862.1.6.3',
  'semantics-natural': '0.4.0.194121.1.1',
  'semantics-legal': '0.4.0.194121.1.2',
  'semantics-eidas-natural': '0.4.0.194121.1.3',
  'semantics-eidas-legal': '0.4.0.194121.1.4',
  PSP_AS: '0.4.0.19495.1.1',
  PSP_PI: '0.4.0.19495.1.2',
  PSP_AI: '0.4.0.19495.1.3',
  PSP_IC: '0.4.0.19495.1.4',
};

/** Attributes of subjectDirectoryAttributes (RFC 3739 §3.2.2, TCG EK Credential Profile). */
const DIRECTORY_ATTRIBUTES = {
  dateOfBirth: '1.3.6.1.5.5.7.9.1',
  placeOfBirth: '1.3.6.1.5.5.7.9.2',
  gender: '1.3.6.1.5.5.7.9.3',
  countryOfCitizenship: '1.3.6.1.5.5.7.9.4',
  countryOfResidence: '1.3.6.1.5.5.7.9.5',
  supportedAlgorithms: '2.5.4.52',
  role: '2.5.4.72',
  tpmManufacturer: '2.23.133.2.1',
  tpmModel: '2.23.133.2.2',
  tpmVersion: '2.23.133.2.3',
  tpmSpecification: '2.23.133.2.16',
  tcgPlatformSpecification: '2.23.133.2.17',
  tpmSecurityAssertions: '2.23.133.2.18',
  tbbSecurityAssertions: '2.23.133.2.19',
};

/** Access methods (RFC 5280 §4.2.2, RFC 6487 §4.8.8, RFC 8182 §3.2) and languages of proxy policies (RFC 3820 §3.8.2). */
const OTHERS = {
  timeStamping: '1.3.6.1.5.5.7.48.3',
  dvcs: '1.3.6.1.5.5.7.48.4',
  rpkiManifest: '1.3.6.1.5.5.7.48.10',
  signedObject: '1.3.6.1.5.5.7.48.11',
  rpkiNotify: '1.3.6.1.5.5.7.48.13',
  'any language': '1.3.6.1.5.5.7.21.0',
  'inherit all': '1.3.6.1.5.5.7.21.1',
  independent: '1.3.6.1.5.5.7.21.2',
  msUserPrincipalName: '1.3.6.1.4.1.311.20.2.3',
  msObjectSid: '1.3.6.1.4.1.311.25.2.1',
  'FASC-N': '2.16.840.1.101.3.6.6',
};

export const SHOWN_NAMES: readonly Readonly<Record<string, string>>[] = [
  PURPOSES,
  POLICIES,
  statementOid,
  STATEMENT_VALUES,
  DIRECTORY_ATTRIBUTES,
  OTHERS,
];
