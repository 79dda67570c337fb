/** What a certificate would contain, without a signature. */

import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { readDer } from '../formats/der/lenient.ts';
import { LENIENT } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { Signer } from '../keys/key.ts';
import { lint, type Finding } from '../lint/lint.ts';
import { readReceivedCertificate } from '../x509/certificate.ts';
import { encodeSigned, encodeTbsCertificate, type CertificateContent } from '../x509/certificate-writer.ts';
import { describeName, describeSigned } from '../x509/description/common-description.ts';
import type { CertificateDescription } from '../x509/description/description.ts';
import { signatureLength } from './placeholder-key.ts';

/** What depends on the signature, is drawn when the certificate is issued, or is never issued. */
type Unknown = 'serialNumber' | 'isSignatureValid' | 'fingerprints' | 'issuerUniqueId' | 'subjectUniqueId';

export interface Preview {
  /** For ECDSA, whose signatures differ in length, the sizes are those of the longest. */
  readonly description: Omit<CertificateDescription, Unknown>;
  /** The certificate, DER, with other octets in place of the signature. */
  readonly encoded: Uint8Array;
  /** Whether the key is a placeholder: then its hashes mean nothing. */
  readonly isKeyNew: boolean;
  /** What the linter says of the content, warnings included. */
  readonly findings: readonly Finding[];
}

/**
 * `content` is without its signature algorithm, which is the signer's. Nothing is signed: the signature is other octets
 * of the right number.
 */
export function previewCertificate(
  { publicKey, signatureAlgorithm }: Signer,
  content: Omit<CertificateContent, 'signatureAlgorithm'>,
  isKeyNew: boolean,
): Preview {
  const tbs = encodeTbsCertificate({ ...content, signatureAlgorithm });
  const signature = Uint8Array.from({ length: signatureLength(publicKey) }, (_, index) => index * SPREAD);
  const encoded = encodeSigned(tbs, signatureAlgorithm, signature);
  // The issuer may deviate, as the subject of the CA does
  const certificate = readReceivedCertificate(readDer(encoded, { reading: LENIENT }), LENIENT);
  const { fingerprints: _, ...described } = describeSigned('CERTIFICATE', certificate);
  const { version, issuer, subject, validity } = certificate;
  return {
    description: {
      ...described,
      ...validity,
      version,
      issuer: describeName(issuer),
      isSelfIssued: Buffer.compare(issuer, subject) === 0,
    },
    encoded: isKeyNew ? withSpreadKey(encoded, content.subjectPublicKeyInfo as Der) : encoded,
    isKeyNew,
    findings: lint('certificate', tbs, signatureAlgorithm),
  };
}

/** A placeholder for a key has octets of one value; a real one has not. */
function withSpreadKey(encoded: Uint8Array, spki: Der): Uint8Array {
  const { bits } = readSubjectPublicKeyInfo(spki);
  const copy = Uint8Array.from(encoded);
  const start = asBuffer(encoded).indexOf(bits);
  for (let index = 0; index < bits.length; index += 1) copy[start + index] = index * SPREAD;
  return copy;
}

/** The octets have every value equally often, as those of a signature, so that their base64 has the same length in a URL. */
const SPREAD = 37;
