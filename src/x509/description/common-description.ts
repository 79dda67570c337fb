/** The parts that the descriptions of certificates and requests share. */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import type { PemLabel } from '../../formats/pem-label.ts';
import { encodePem } from '../../formats/pem.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { Keys, PublicKey } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type { Extension } from '../extensions/extension.ts';
import { describeExtension, summarizeExtensions } from '../extensions/describe-extension.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { formatOneLine } from '../names/name-text.ts';
import type { PublicKeyDescription, SignedDescription } from './description.ts';

/** Members of the same name in Certificate and CertificationRequest. */
interface Signed {
  readonly der: Uint8Array;
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
  readonly signatureAlgorithm: Der;
  readonly signature: Uint8Array;
  readonly extensions: readonly Extension[];
}

export const describeSigned = (label: PemLabel, signed: Signed): Omit<SignedDescription, 'version'> => ({
  subject: describeName(signed.subject),
  ...describeSignature(signed.signatureAlgorithm),
  publicKey: describePublicKey(signed.subjectPublicKeyInfo),
  ...summarizeExtensions(signed.extensions),
  extensions: signed.extensions.map(describeExtension),
  fingerprints: { sha1: fingerprint('sha1', signed.der), sha256: fingerprint('sha256', signed.der) },
  sizes: {
    der: signed.der.length,
    pem: encodePem(label, signed.der).length,
    publicKey: readSubjectPublicKeyInfo(signed.subjectPublicKeyInfo).bits.length,
    signature: signed.signature.length,
  },
});

function describeSignature(algorithm: Der) {
  const { name, parameters } = describeAlgorithm(algorithm);
  return { signatureAlgorithm: name, signatureParameters: parameters };
}

/** OpenSSL one-line form of a Name, DER. */
export const describeName = (name: Der): string => formatOneLine(decodeDistinguishedName(name));

const fingerprint = (digest: 'sha1' | 'sha256', octets: Uint8Array): string =>
  hexadecimal(hash(digest, octets, 'buffer'));

/** Whether the own key verifies the signature over `message`; null for an algorithm or key that is rejected. */
export async function verifySelfSignature(
  { verify }: Pick<Keys, 'verify'>,
  message: Uint8Array,
  { subjectPublicKeyInfo, signatureAlgorithm, signature }: Signed,
): Promise<boolean | null> {
  try {
    return await verify(readPublicKey(subjectPublicKeyInfo), signatureAlgorithm, message, signature);
  } catch (error) {
    return nullIfRejected(error);
  }
}

function describePublicKey(spki: Der): PublicKeyDescription {
  const { algorithm, bits, publicExponent, curve } = describeSubjectPublicKeyInfo(spki);
  return {
    algorithm: readKnownKey(spki)?.algorithm ?? algorithm.name,
    sha256Fingerprint: fingerprint('sha256', spki),
    size: spki.length,
    bits,
    publicExponent,
    curve,
  };
}

function readKnownKey(spki: Der): PublicKey | null {
  try {
    return readPublicKey(spki);
  } catch (error) {
    return nullIfRejected(error);
  }
}

/** An unsupported or weak key is rejected elsewhere; here it is shown. */
const REJECTIONS: ReadonlySet<string> = new Set(['unsupported-algorithm', 'invalid-public-key']);

function nullIfRejected(error: unknown): null {
  if (error instanceof PkiError && REJECTIONS.has(error.code)) return null;
  throw error;
}
