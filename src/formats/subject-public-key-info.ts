/**
 * SubjectPublicKeyInfo  ::=  SEQUENCE  {
 *      algorithm            AlgorithmIdentifier,
 *      subjectPublicKey     BIT STRING  }                    -- RFC 5280 §4.1
 */

import { ML_DSA, type MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import type { Der } from './der/header.ts';
import { bitString, concat, header, sequence, TAG } from './der/writer.ts';
import { ML_DSA_ALGORITHM } from './key-algorithm.ts';
import { STRICT, type Reading } from './reading.ts';
import { openSequence } from './der/structure-reader.ts';

export interface SubjectPublicKeyInfo {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Der;
  /** Octets of subjectPublicKey. */
  readonly bits: Uint8Array;
}

/** The octets before the key, the same for every key of a parameter set (RFC 9881 §4). */
const ML_DSA_PREFIX: Readonly<Record<MlDsaParameterSetName, Uint8Array>> = Object.freeze({
  'ml-dsa-44': prefixOf('ml-dsa-44'),
  'ml-dsa-65': prefixOf('ml-dsa-65'),
  'ml-dsa-87': prefixOf('ml-dsa-87'),
});

function prefixOf(parameterSet: MlDsaParameterSetName): Uint8Array {
  const algorithm = ML_DSA_ALGORITHM[parameterSet];
  const length = 1 + ML_DSA[parameterSet].publicKeyLength;
  const bitString = concat([header(TAG.bitString, length), Uint8Array.of(0)]);
  return concat([
    header(TAG.sequence, algorithm.length + bitString.length - 1 + length),
    algorithm,
    bitString,
  ]);
}

/** `publicKey` is pk, in the length of the parameter set. */
export const encodeMlDsaPublicKey = (parameterSet: MlDsaParameterSetName, publicKey: Uint8Array): Der =>
  concat([ML_DSA_PREFIX[parameterSet], publicKey]) as Der;

/** `algorithm` is an AlgorithmIdentifier, DER. */
export const encodeSubjectPublicKeyInfo = (algorithm: Uint8Array, bits: Uint8Array): Der =>
  sequence(algorithm, bitString(bits));

/** Throws PkiError invalid-public-key. `keys/public-key.ts` checks that the bits are a key. */
export function readSubjectPublicKeyInfo(der: Der, reading: Reading = STRICT): SubjectPublicKeyInfo {
  const reader = openSequence(der, { name: 'SubjectPublicKeyInfo', code: 'invalid-public-key', reading });
  const algorithm = reader.element('algorithm', TAG.sequence).encoding;
  const bits = reader.bitString('subjectPublicKey');
  reader.end();
  return { algorithm, bits };
}
