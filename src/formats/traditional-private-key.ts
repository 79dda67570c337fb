/** Private keys in the formats before PKCS #8: RSAPrivateKey (PKCS #1) and ECPrivateKey (SEC 1) alone. */

import { encodeAlgorithmIdentifier } from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { openSequence } from './der/structure-reader.ts';
import { concat, TAG } from './der/writer.ts';
import { RSA_ALGORITHM } from './key-algorithm.ts';
import { keyAlgorithmOid } from './oids.ts';
import { privateKeyInfoParts } from './private-key-info.ts';

/** Returns a new OneAsymmetricKey that contains `key`, for the caller to zero. Throws PkiError invalid-private-key. */
export function toPkcs8(label: string, key: Der): Der {
  const algorithm = label === 'EC PRIVATE KEY' ? ecAlgorithmOf(key) : RSA_ALGORITHM;
  return concat(privateKeyInfoParts(algorithm, [key])) as Der;
}

/** RFC 5915 §3: the parameters inside name the curve. */
function ecAlgorithmOf(key: Der): Der {
  const reader = openSequence(key, { name: 'ECPrivateKey', code: 'invalid-private-key' });
  reader.element('version', TAG.integer);
  reader.element('privateKey', TAG.octetString);
  const parameters = reader.structure('parameters', 0xa0).element('namedCurve').encoding;
  return encodeAlgorithmIdentifier(keyAlgorithmOid['id-ecPublicKey'], parameters);
}
