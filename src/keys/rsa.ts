/** RSA keys of two primes: for signatures with PKCS #1 v1.5 or PSS padding, or with PSS padding only (`rsa-pss.ts`). */

import { rsaDigest } from '../algorithms/classical.ts';
import { requireNullParameters } from '../formats/algorithm-identifier.ts';
import { assertRsaPrivateKey } from '../formats/classical-private-key.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import { readRsaSignature, RSA_SIGNATURE_OIDS, SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { encodedAs } from './public-key-checks.ts';
import { modulusLength } from './rsa-modulus.ts';
import {
  permitsScheme,
  PSS_KEY_OID,
  pssSignatureOf,
  readPssKeyAlgorithm,
  readPssPublicKey,
} from './rsa-pss.ts';

export const rsa = classicalFamily({
  title: 'RSA',
  keyOids: [keyAlgorithmOid.rsaEncryption, PSS_KEY_OID],
  signatureTitle: 'RSA with SHA-256/384/512',
  signatureOids: RSA_SIGNATURE_OIDS,
  readSignature: readRsaSignature,
  permits: permitsScheme,

  readPublicKey(key, reading) {
    if (key.algorithm.oid === PSS_KEY_OID) return readPssPublicKey(key, reading);
    const algorithm = requireNullParameters(key.algorithm, reading);
    const name = `rsa-${modulusLength(key.bits)}`;
    return { family: 'rsa', algorithm: name, ...encodedAs(key, algorithm, key.bits) };
  },

  readPrivateKey(algorithm, privateKey, reading) {
    assertRsaPrivateKey(privateKey);
    const isPss = algorithm.oid === PSS_KEY_OID;
    return {
      algorithm: isPss
        ? readPssKeyAlgorithm(algorithm, reading).algorithm
        : requireNullParameters(algorithm, reading),
      parts: [privateKey],
    };
  },

  signatureOf(key) {
    const digest = rsaDigest(modulusLength(key.bits));
    if (key.pss !== undefined) return pssSignatureOf(key.pss, digest);
    return { scheme: { digest, padding: 'pkcs1' }, algorithm: SIGNATURE_ALGORITHM.rsa[digest] };
  },
});
