/** What certificates and requests have in common to be described: a key, a signature, and octets. */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { oidName } from '../../formats/oids.ts';
import { encodePem } from '../../formats/pem.ts';
import type { PemLabel } from '../../formats/pem-label.ts';
import { openSequence } from '../../formats/der/structure-reader.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { Keys, PublicKey } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type { PublicKeyDescription } from './description.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';

/** Members of the same name in Certificate and CertificationRequest. */
interface Signed {
  readonly der: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

interface OctetsDescription {
  fingerprints: { sha1: string; sha256: string };
  sizes: { pem: number; public_key: number; signature: number };
}

export const describeOctets = (
  label: PemLabel,
  { der, subjectPublicKeyInfo, signature }: Signed,
): OctetsDescription => ({
  fingerprints: { sha1: fingerprint('sha1', der), sha256: fingerprint('sha256', der) },
  sizes: {
    pem: encodePem(label, der).length,
    public_key: readSubjectPublicKeyInfo(subjectPublicKeyInfo).bits.length,
    signature: signature.length,
  },
});

const fingerprint = (digest: 'sha1' | 'sha256', octets: Uint8Array): string =>
  hexadecimal(hash(digest, octets, 'buffer'));

/**
 * Whether the signature over `message` holds under the structure's own key; null for algorithms and keys that are not
 * accepted here.
 */
export async function verifySelfSignature(
  keys: Keys,
  message: Uint8Array,
  signed: Signed,
): Promise<boolean | null> {
  const { subjectPublicKeyInfo, signatureAlgorithm, signature } = signed;
  try {
    return await keys.verify(readPublicKey(subjectPublicKeyInfo), signatureAlgorithm, message, signature);
  } catch (error) {
    return nullIfRefused(error);
  }
}

export const describePublicKey = (spki: Uint8Array): PublicKeyDescription => ({
  algorithm: readKnownKey(spki)?.algorithm ?? algorithmName(readSubjectPublicKeyInfo(spki).algorithm),
  sha256_fingerprint: fingerprint('sha256', spki),
  size: spki.length,
});

function readKnownKey(spki: Uint8Array): PublicKey | null {
  try {
    return readPublicKey(spki);
  } catch (error) {
    return nullIfRefused(error);
  }
}

/** What is too weak, or no such key, is refused elsewhere and shown here. */
const REFUSALS: ReadonlySet<string> = new Set(['unsupported-algorithm', 'invalid-public-key']);

function nullIfRefused(error: unknown): null {
  if (error instanceof PkiError && REFUSALS.has(error.code)) return null;
  throw error;
}

/** Name of the algorithm in an AlgorithmIdentifier, or its OID. */
export function algorithmName(identifier: Uint8Array): string {
  const reader = openSequence(identifier, { name: 'AlgorithmIdentifier', code: 'unsupported-algorithm' });
  return oidName(reader.oid('algorithm'));
}
