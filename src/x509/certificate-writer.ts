/**
 * TBSCertificate  ::=  SEQUENCE  {
 *      version         [0]  EXPLICIT Version DEFAULT v1,
 *      serialNumber         CertificateSerialNumber,
 *      signature            AlgorithmIdentifier,
 *      issuer               Name,
 *      validity             Validity,
 *      subject              Name,
 *      subjectPublicKeyInfo SubjectPublicKeyInfo,
 *      extensions      [3]  EXPLICIT Extensions OPTIONAL }
 *
 * Certificate  ::=  SEQUENCE  {
 *      tbsCertificate       TBSCertificate,
 *      signatureAlgorithm   AlgorithmIdentifier,
 *      signatureValue       BIT STRING  }                    -- RFC 5280 §4.1
 *
 * Put together from parts that are encoded already: most of them repeat from one certificate to the next.
 */

import { bitString, contextConstructed, sequence, unsignedInteger } from '../formats/der/writer.ts';
import { encodeValidity, type Validity } from './validity.ts';

/** Every member but the validity and the serial number is DER. */
export interface CertificateContent {
  /** Magnitude of the INTEGER, big-endian. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Validity;
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  /** Each a whole Extension, in the order in which they stand in the certificate. */
  readonly extensions: readonly Uint8Array[];
}

/** v3, since there are extensions (RFC 5280 §4.1.2.1). */
const VERSION_3 = contextConstructed(0, unsignedInteger(2));

export const encodeTbsCertificate = (content: CertificateContent): Uint8Array =>
  sequence(
    VERSION_3,
    unsignedInteger(content.serialNumber),
    content.signatureAlgorithm,
    content.issuer,
    encodeValidity(content.validity),
    content.subject,
    content.subjectPublicKeyInfo,
    contextConstructed(3, sequence(...content.extensions)),
  );

/** `signatureAlgorithm` is octet for octet the one inside `tbs` (RFC 5280 §4.1.1.2). */
export const encodeSigned = (
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array => sequence(tbs, signatureAlgorithm, bitString(signature));
