/** The parts that the descriptions of certificates and requests share. */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import type { PemLabel } from '../../formats/pem-label.ts';
import { encodePem } from '../../formats/pem.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { Keys, PublicKey } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type { Extension } from '../extensions/extension.ts';
import { describeExtension, summarizeExtensions } from '../extensions/describe-extension.ts';
import { hexadecimalValue } from '../names/attribute-value.ts';
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

export const describeSigned = (
  label: PemLabel,
  signed: Signed,
  reading: Reading = STRICT,
): Omit<SignedDescription, 'version'> => ({
  subject: describeName(signed.subject, reading),
  ...describeSignature(signed.signatureAlgorithm),
  publicKey: describePublicKey(signed.subjectPublicKeyInfo, reading),
  ...summarizeExtensions(signed.extensions),
  extensions: signed.extensions.map(describeExtension),
  fingerprints: { sha1: fingerprint('sha1', signed.der), sha256: fingerprint('sha256', signed.der) },
  sizes: {
    der: signed.der.length,
    pem: encodePem(label, signed.der).length,
    publicKey: readSubjectPublicKeyInfo(signed.subjectPublicKeyInfo, reading).bits.length,
    signature: signed.signature.length,
  },
});

function describeSignature(algorithm: Der) {
  const { name, parameters } = describeAlgorithm(algorithm);
  return { signatureAlgorithm: name, signatureParameters: parameters };
}

/** OpenSSL one-line form of a Name, DER. Inspection shows one without the structure of a name in hexadecimal. */
export function describeName(name: Der, reading: Reading = STRICT): string {
  try {
    return formatOneLine(decodeDistinguishedName(name));
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    reading.tolerate('unreadable-name', error);
    return hexadecimalValue(name);
  }
}

const fingerprint = (digest: 'sha1' | 'sha256', octets: Uint8Array): string =>
  hexadecimal(hash(digest, octets, 'buffer'));

/** Whether the own key verifies the signature over `message`; null for an algorithm or key that is rejected. */
export async function verifySelfSignature(
  { verify }: Pick<Keys, 'verify'>,
  message: Uint8Array,
  { subjectPublicKeyInfo, signatureAlgorithm, signature }: Signed,
  reading: Reading = STRICT,
): Promise<boolean | null> {
  try {
    const key = readPublicKey(subjectPublicKeyInfo, reading);
    return await verify(key, signatureAlgorithm, message, signature, reading);
  } catch (error) {
    return nullIfRejected(error, reading);
  }
}

function describePublicKey(spki: Der, reading: Reading): PublicKeyDescription {
  const { algorithm, bits, publicExponent, curve } = describeSubjectPublicKeyInfo(spki, reading);
  return {
    algorithm: readKnownKey(spki, reading)?.algorithm ?? algorithm.name,
    sha256Fingerprint: fingerprint('sha256', spki),
    size: spki.length,
    bits,
    publicExponent,
    curve,
  };
}

function readKnownKey(spki: Der, reading: Reading): PublicKey | null {
  try {
    return readPublicKey(spki, reading);
  } catch (error) {
    return nullIfRejected(error, reading);
  }
}

/** An unsupported or weak key is rejected elsewhere; here it is shown. */
const REJECTIONS: ReadonlySet<string> = new Set(['unsupported-algorithm', 'invalid-public-key']);

function nullIfRejected(error: unknown, reading: Reading): null {
  if (!(error instanceof PkiError)) throw error;
  if (!REJECTIONS.has(error.code)) reading.tolerate('unreadable-key', error);
  return null;
}
