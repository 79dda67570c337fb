/**
 * ML-DSA-44-PrivateKey ::= CHOICE {
 *      seed        [0] OCTET STRING (SIZE (32)),             -- IMPLICIT tags
 *      expandedKey     OCTET STRING (SIZE (2560)),
 *      both            SEQUENCE {
 *          seed            OCTET STRING (SIZE (32)),
 *          expandedKey     OCTET STRING (SIZE (2560)) } }    -- RFC 9881 §6; -65 has 4032, -87 has 4896 octets
 *
 * These are the contents of privateKey in a OneAsymmetricKey. Four older forms are tolerated, because each has a length that
 * no form of RFC 9881 has: the seed or the expanded key without a tag (OpenSSL: bare-seed, bare-priv; Bouncy Castle), the
 * seed in an OCTET STRING (Bouncy Castle, drafts 4 to 6 of the RFC), and the expanded key with the public key after it in
 * one OCTET STRING (oqs-provider; OpenSSL: oqskeypair).
 */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  SEED_LENGTH,
  type MlDsaParameterSetName,
} from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import { elementOf, membersOf, type DerElement } from './der/reader.ts';
import { checkDer } from './der/strict.ts';
import { concat, tlvParts, TAG } from './der/writer.ts';
import { ML_DSA_ALGORITHM } from './key-algorithm.ts';
import { invalidPrivateKey, privateKeyInfoParts } from './private-key-info.ts';
import { STRICT, type Reading } from './reading.ts';

/** The members that are present decide the form. */
export type MlDsaPrivateKey =
  | { readonly seed: Uint8Array; readonly expandedKey?: undefined }
  | { readonly seed?: undefined; readonly expandedKey: Uint8Array; readonly publicKey?: Uint8Array }
  | { readonly seed: Uint8Array; readonly expandedKey: Uint8Array };

const SEED = 0x80;
const EXPLICIT_SEED = 0xa0;

/** Returns a whole OneAsymmetricKey, DER. The caller zeroes it. */
export const encodeMlDsaPrivateKey = (
  parameterSet: MlDsaParameterSetName,
  key: MlDsaPrivateKey,
): Uint8Array => concat(privateKeyInfoParts(ML_DSA_ALGORITHM[parameterSet], choiceParts(key)));

function choiceParts({ seed, expandedKey }: MlDsaPrivateKey): Uint8Array[] {
  if (expandedKey === undefined) return tlvParts(SEED, [seed]);
  const expanded = tlvParts(TAG.octetString, [expandedKey]);
  return seed === undefined
    ? expanded
    : tlvParts(TAG.sequence, [...tlvParts(TAG.octetString, [seed]), ...expanded]);
}

/**
 * Reads the contents of privateKey by their tag. `publicKey` is set if the public key follows the expanded key. Returns
 * views. Throws PkiError invalid-private-key.
 */
export function readMlDsaPrivateKey(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
  reading: Reading = STRICT,
): MlDsaPrivateKey {
  return readUntagged(octets, parameterSet, reading) ?? readChoice(octets, parameterSet, reading);
}

function readUntagged(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
  reading: Reading,
): MlDsaPrivateKey | undefined {
  const isSeed = octets.length === SEED_LENGTH;
  if (!isSeed && octets.length !== ML_DSA[parameterSet].expandedKeyLength) return undefined;
  tolerate(
    reading,
    'The privateKey contains raw octets; RFC 9881 §6 requires a tag and a length before them',
  );
  return isSeed ? { seed: octets } : { expandedKey: octets };
}

const tolerate = (reading: Reading, sentence: string): void =>
  reading.tolerate('private-key-value', invalidPrivateKey(sentence));

function readChoice(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
  reading: Reading,
): MlDsaPrivateKey {
  const element = parseChoice(octets);
  switch (element.tag) {
    case SEED:
      return { seed: checkedSeed(element.contents) };
    case TAG.octetString:
      return readOctetString(element.contents, parameterSet, reading);
    case TAG.sequence:
      return readBoth([...membersOf(element)], parameterSet);
    case EXPLICIT_SEED:
      throw invalidPrivateKey('The seed has an EXPLICIT tag; [0] is IMPLICIT, octets 80 20');
    default:
      throw invalidPrivateKey('The privateKey must have one of the three forms of RFC 9881 §6');
  }
}

function readOctetString(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
  reading: Reading,
): MlDsaPrivateKey {
  const { expandedKeyLength, publicKeyLength } = ML_DSA[parameterSet];
  if (octets.length === SEED_LENGTH) {
    tolerate(reading, SEED_WITH_OTHER_TAG);
    return { seed: octets };
  }
  if (octets.length !== expandedKeyLength + publicKeyLength)
    return { expandedKey: checkedExpandedKey(octets, parameterSet) };
  tolerate(reading, 'The expanded key is followed by the public key, which RFC 9881 §6 does not allow');
  return {
    expandedKey: octets.subarray(0, expandedKeyLength),
    publicKey: octets.subarray(expandedKeyLength),
  };
}

const SEED_WITH_OTHER_TAG = 'The seed has the tag 04 of an expanded key; it must begin with the octets 80 20';

function parseChoice(octets: Uint8Array): DerElement {
  try {
    return elementOf(checkDer(octets, { subject: 'The privateKey' }));
  } catch (error) {
    throw error instanceof PkiError ? invalidPrivateKey(error.message) : error;
  }
}

function readBoth(members: readonly DerElement[], parameterSet: MlDsaParameterSetName): MlDsaPrivateKey {
  const [seed, expandedKey, ...others] = members;
  if (seed === undefined || expandedKey === undefined)
    throw invalidPrivateKey('The form "both" must contain the seed and the expanded key');
  if (others.length > 0)
    throw invalidPrivateKey('The form "both" must contain only the seed and the expanded key');
  if (seed.tag !== TAG.octetString || expandedKey.tag !== TAG.octetString)
    throw invalidPrivateKey('The members of the form "both" must be OCTET STRINGs with their universal tag');
  if (seed.contents.length > SEED_LENGTH && expandedKey.contents.length === SEED_LENGTH)
    throw invalidPrivateKey('The form "both" has its members in the wrong order: the seed comes first');
  return {
    seed: checkedSeed(seed.contents),
    expandedKey: checkedExpandedKey(expandedKey.contents, parameterSet),
  };
}

function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_LENGTH)
    throw invalidPrivateKey(`The seed must have ${SEED_LENGTH} octets, not ${seed.length}`);
  return seed;
}

function checkedExpandedKey(expandedKey: Uint8Array, parameterSet: MlDsaParameterSetName): Uint8Array {
  const { length } = expandedKey;
  const expected = ML_DSA[parameterSet].expandedKeyLength;
  if (length === expected) return expandedKey;
  const other = ML_DSA_PARAMETER_SETS.find((name) => ML_DSA[name].expandedKeyLength === length);
  const hint = other === undefined ? '' : `, the length for ${other}`;
  throw invalidPrivateKey(
    `The expanded ${parameterSet} key must have ${expected} octets, not ${length}${hint}`,
  );
}
