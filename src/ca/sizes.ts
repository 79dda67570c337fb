import { elementAt } from '../formats/der/reader.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import { LENIENT } from '../formats/reading.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { PublicKey } from '../keys/key.ts';

/** In octets. */
export interface Sizes {
  /** The whole certificate or request, DER. */
  readonly der: number;
  /** The key without its SubjectPublicKeyInfo. */
  readonly publicKey: number;
  readonly signature: number;
}

/** `der` is a SIGNED structure of this service: content, AlgorithmIdentifier, BIT STRING (RFC 5280 §4.1). */
export function sizesOf(der: Uint8Array, { bits }: Pick<PublicKey, 'bits'>): Sizes {
  const { contents } = elementAt(der, 0);
  const content = elementAt(contents, 0).encoding.length;
  const algorithm = elementAt(contents, content).encoding.length;
  const signature = elementAt(contents, content + algorithm).contents.length - 1;
  return { der: der.length, publicKey: bits.length, signature };
}

/** Of a certificate that was issued and stored, DER. */
export const sizesOfStored = (der: Uint8Array): Sizes => sizesOfCertificate(readCertificate(checkDer(der)));

/** Of a certificate that was read, with its deviations. */
export const sizesOfCertificate = ({ der, subjectPublicKeyInfo, signature }: Certificate): Sizes => ({
  der: der.length,
  publicKey: readSubjectPublicKeyInfo(subjectPublicKeyInfo, LENIENT).bits.length,
  signature: signature.length,
});
