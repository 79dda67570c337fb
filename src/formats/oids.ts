/** Object identifiers and their names in the standards. Those of ML-DSA, SLH-DSA and ML-KEM are with their parameter sets in `algorithms`. */

import { UNSUPPORTED_ALGORITHMS, UNSUPPORTED_CURVES } from './unsupported-oids.ts';
import { CIPHER_OIDS, LEGACY_ENCRYPTION, passwordOid } from './encryption/oids.ts';
import { ML_DSA, ML_DSA_PARAMETER_SETS } from '../algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM, ML_KEM_PARAMETER_SETS, mlKemStandardName } from '../algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA, SLH_DSA_PARAMETER_SETS, slhDsaStandardName } from '../algorithms/slh-dsa/parameter-sets.ts';

export const keyAlgorithmOid = Object.freeze({
  rsaEncryption: '1.2.840.113549.1.1.1',
  'id-ecPublicKey': '1.2.840.10045.2.1',
  Ed25519: '1.3.101.112',
});

export const curveOid = Object.freeze({
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
  'P-521': '1.3.132.0.35',
});

/** ML-DSA, SLH-DSA and Ed25519 have one OID for keys and signatures. */
export const signatureAlgorithmOid = Object.freeze({
  sha256WithRSAEncryption: '1.2.840.113549.1.1.11',
  sha384WithRSAEncryption: '1.2.840.113549.1.1.12',
  sha512WithRSAEncryption: '1.2.840.113549.1.1.13',
  'RSASSA-PSS': '1.2.840.113549.1.1.10',
  'ecdsa-with-SHA256': '1.2.840.10045.4.3.2',
  'ecdsa-with-SHA384': '1.2.840.10045.4.3.3',
  'ecdsa-with-SHA512': '1.2.840.10045.4.3.4',
});

export const digestOid = Object.freeze({
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
});

/** Read in an OCSP CertID (RFC 6960 §4.3, RFC 9919 §7.1) and in old PKCS #12 files. Nothing is signed over it. */
export const SHA1 = '1.3.14.3.2.26';

/** RFC 6960 §4.2.1, §4.4.1. */
export const ocspOid = Object.freeze({
  'id-pkix-ocsp-basic': '1.3.6.1.5.5.7.48.1.1',
  'id-pkix-ocsp-nonce': '1.3.6.1.5.5.7.48.1.2',
});

/** RFC 5652 §5.1. */
export const SIGNED_DATA = '1.2.840.113549.1.7.2';

/** RFC 8017 appendix B.2.1. */
export const MGF1 = '1.2.840.113549.1.1.8';

/** Attributes of a certification request (RFC 2985). */
export const attributeOid = Object.freeze({
  challengePassword: '1.2.840.113549.1.9.7',
  unstructuredName: '1.2.840.113549.1.9.2',
  extensionRequest: '1.2.840.113549.1.9.14',
  relatedCertRequest: '1.2.840.113549.1.9.16.2.60',
});

export const extensionOid = Object.freeze({
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  privateKeyUsagePeriod: '2.5.29.16',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  noRevAvail: '2.5.29.56',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  relatedCertificate: '1.3.6.1.5.5.7.1.36',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  signedCertificateTimestamps: '1.3.6.1.4.1.11129.2.4.2',
  netscapeCertType: '2.16.840.1.113730.1.1',
  netscapeComment: '2.16.840.1.113730.1.13',
});

export const extendedKeyUsageOid = Object.freeze({
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  documentSigning: '1.3.6.1.5.5.7.3.36',
});

/** RFC 5280 §4.2.1.4. */
export const ANY_POLICY = '2.5.29.32.0';

/** RFC 5280 §4.2.1.4. */
export const policyQualifierOid = Object.freeze({
  cps: '1.3.6.1.5.5.7.2.1',
  userNotice: '1.3.6.1.5.5.7.2.2',
});

/** RFC 5280 §4.2.2.1, §4.2.2.2. */
export const accessMethodOid = Object.freeze({
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  caRepository: '1.3.6.1.5.5.7.48.5',
});

/** The arc of Dilithium, the draft before ML-DSA: all its numbers have one name. */
const DILITHIUM_ARC = '1.3.6.1.4.1.2.267.';

const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ...ML_DSA_PARAMETER_SETS.map((parameterSet): [string, string] => [
      parameterSet.toUpperCase(),
      ML_DSA[parameterSet].oid,
    ]),
    ...SLH_DSA_PARAMETER_SETS.map((parameterSet): [string, string] => [
      slhDsaStandardName(parameterSet),
      SLH_DSA[parameterSet].oid,
    ]),
    ...ML_KEM_PARAMETER_SETS.map((parameterSet): [string, string] => [
      mlKemStandardName(parameterSet),
      ML_KEM[parameterSet].oid,
    ]),
    ...[
      keyAlgorithmOid,
      curveOid,
      signatureAlgorithmOid,
      digestOid,
      attributeOid,
      extensionOid,
      extendedKeyUsageOid,
      policyQualifierOid,
      accessMethodOid,
      passwordOid,
      CIPHER_OIDS,
      LEGACY_ENCRYPTION,
    ].flatMap((table): [string, string][] => Object.entries(table)),
    ...UNSUPPORTED_ALGORITHMS,
    ...UNSUPPORTED_CURVES,
    ['MGF1', MGF1],
    ['anyPolicy', ANY_POLICY],
  ].map(([name, oid]) => [oid ?? '', name ?? '']),
);

/** Returns the name from the standard, or the name of the family, or the OID itself when it is unknown. */
export const oidName = (oid: string): string => NAMES.get(oid) ?? familyOf(oid) ?? oid;

const ERROR_LENGTH = 64;

/** Returns name and OID, for error messages. */
export function describeOid(oid: string): string {
  const name = NAMES.get(oid) ?? familyOf(oid);
  const shown = oid.length > ERROR_LENGTH ? `${oid.slice(0, ERROR_LENGTH)}…` : oid;
  return name === undefined ? shown : `${name} (${shown})`;
}

const familyOf = (oid: string): string | undefined =>
  oid.startsWith(DILITHIUM_ARC) ? 'Dilithium, the draft before ML-DSA' : undefined;
