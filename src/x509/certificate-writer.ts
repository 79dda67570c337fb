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
 * The parts are passed as DER, because most of them repeat from one certificate to the next.
 */

import { bitString, contextConstructed, sequence, unsignedInteger } from '../formats/der/writer.ts';
import { encodeValidity, type Validity } from './validity.ts';

/** Every member except the validity and the serial number is DER. */
export interface CertificateContent {
  /** The magnitude of the INTEGER, big-endian. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Validity;
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  /** Each is a whole Extension, in the order of the certificate. */
  readonly extensions: readonly Uint8Array[];
}

/** v3, because there are extensions (RFC 5280 §4.1.2.1). */
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

/** `signatureAlgorithm` must equal the one in `tbs`, octet for octet (RFC 5280 §4.1.1.2). */
export const encodeSigned = (
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array => sequence(tbs, signatureAlgorithm, bitString(signature));
