import type { Der } from '../formats/der/header.ts';
import { SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { PublicKey } from './key.ts';
import { pssSignatureOf } from './rsa-pss.ts';

const DIGESTS = ['sha256', 'sha384', 'sha512'] as const;

/** Returns the AlgorithmIdentifiers, DER, that a signature of this key can have, for one that comes without. */
export function signatureAlgorithmsOf({ family, pss, spki }: PublicKey): readonly Der[] {
  switch (family) {
    case 'rsa':
      return DIGESTS.map((digest) =>
        pss === undefined ? SIGNATURE_ALGORITHM.rsa[digest] : pssSignatureOf(pss, digest).algorithm,
      );
    case 'ecdsa':
      return DIGESTS.map((digest) => SIGNATURE_ALGORITHM.ecdsa[digest]);
    case 'ml-kem':
      return [];
    default:
      // RFC 9881 §2, RFC 9909 §3, RFC 8410 §3: that of the key
      return [readSubjectPublicKeyInfo(spki).algorithm];
  }
}
