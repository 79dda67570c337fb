/** To-be-signed content as the rules see it: parsed once, from the octets that will be signed. */

import { readTbsCertificate, type TbsCertificate } from '../x509/certificate.ts';
import { readCertificationRequestInfo } from '../x509/certification-request.ts';
import type { Der } from '../formats/der/header.ts';
import { readDer } from '../formats/der/lenient.ts';
import { checkDer } from '../formats/der/strict.ts';
import { TAG } from '../formats/der/writer.ts';
import { extensionOid } from '../formats/oids.ts';
import { LENIENT } from '../formats/reading.ts';
import {
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  type AuthorityKeyIdentifier,
} from '../x509/extensions/key-identifiers.ts';
import { readBasicConstraints, type BasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { readKeyUsage, type KeyUsage } from '../x509/extensions/key-usage.ts';
import { extensionValue, type Extension } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import {
  decodeGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../x509/names/general-name-encoding.ts';
import { readResponseData, type ResponseData } from '../x509/ocsp/response-data.ts';

/** What certificates and requests have in common. */
export interface NamedKey {
  readonly subjectName: DistinguishedName;
  /** DER. */
  readonly subjectPublicKeyInfo: Der;
  /** AlgorithmIdentifier of the signature, DER. */
  readonly signatureAlgorithm: Der;
  readonly extensions: readonly Extension[];
  /** Values of the extensions; undefined for an absent one. */
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly subjectAltName: readonly (GeneralName | OtherGeneralName)[] | undefined;
}

export interface CertificateContent extends NamedKey {
  readonly tbs: TbsCertificate;
  /** TBSCertificate, as it is signed. */
  readonly der: Uint8Array;
  readonly issuerName: DistinguishedName;
  /** AlgorithmIdentifier of the key that is about to sign, DER. */
  readonly signerAlgorithm: Der;
}

/** Parses a TBSCertificate. Throws PkiError. */
export function certificateContent(octets: Uint8Array, signerAlgorithm: Der): CertificateContent {
  const der = checkExceptIssuer(octets);
  const tbs = readTbsCertificate(der);
  return {
    ...extensionValues(tbs.extensions),
    tbs,
    der,
    signerAlgorithm,
    signatureAlgorithm: tbs.signatureAlgorithm,
    subjectPublicKeyInfo: tbs.subjectPublicKeyInfo,
    subjectName: decodeDistinguishedName(tbs.subject),
    issuerName: decodeDistinguishedName(tbs.issuer),
  };
}

/**
 * The issuer is the subject of the CA octet for octet (RFC 5280 §4.1.2.4), whose strings and sets may deviate. Everything
 * else must be strict DER. Throws PkiError invalid-der.
 */
function checkExceptIssuer(octets: Uint8Array): Der {
  const { der } = readDer(octets, { reading: LENIENT });
  if (der === octets) return der;
  const { issuer } = readTbsCertificate(der);
  const start = Buffer.from(octets).indexOf(issuer);
  const masked = octets.slice();
  // The same octets as the contents of an OCTET STRING, which are not checked
  masked[start] = TAG.octetString;
  checkDer(masked);
  return der;
}

/** Parses a CertificationRequestInfo. Throws PkiError. */
export function requestContent(octets: Uint8Array, signatureAlgorithm: Der): NamedKey {
  const { subject, subjectPublicKeyInfo, extensions } = readCertificationRequestInfo(checkDer(octets));
  return {
    ...extensionValues(extensions),
    signatureAlgorithm,
    subjectPublicKeyInfo,
    subjectName: decodeDistinguishedName(subject),
  };
}

export interface OcspContent {
  readonly data: ResponseData;
  /** AlgorithmIdentifier of the signature, DER. */
  readonly signatureAlgorithm: Der;
}

/** Parses ResponseData. Throws PkiError. */
export const ocspContent = (octets: Uint8Array, signatureAlgorithm: Der): OcspContent => ({
  data: readResponseData(checkDer(octets)),
  signatureAlgorithm,
});

/** Runs the reader of a value. */
type Run = <T>(read: () => T) => T | undefined;

/** `run` decides what becomes of a malformed value, for which the reader throws PkiError. */
export function extensionValues(extensions: readonly Extension[], run: Run = (read) => read()) {
  const read = <T>(oid: string, reader: (value: Der) => T): T | undefined =>
    run(() => {
      const value = extensionValue(extensions, oid);
      return value && reader(value);
    });
  return {
    extensions,
    basicConstraints: read(extensionOid.basicConstraints, readBasicConstraints),
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyIdentifier: read(extensionOid.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    subjectAltName: read(extensionOid.subjectAltName, decodeGeneralNames),
  };
}

/** Whether the extension is critical; undefined when it is absent. */
export const criticality = ({ extensions }: NamedKey, oid: string): boolean | undefined =>
  extensions.find((extension) => extension.oid === oid)?.critical;
