/**
 * ML-DSA-44-PrivateKey ::= CHOICE {
 *      seed        [0] OCTET STRING (SIZE (32)),             -- IMPLICIT tags
 *      expandedKey     OCTET STRING (SIZE (2560)),
 *      both            SEQUENCE {
 *          seed            OCTET STRING (SIZE (32)),
 *          expandedKey     OCTET STRING (SIZE (2560)) } }    -- RFC 9881 §6; -65 has 4032, -87 has 4896 octets
 *
 * These are the contents of privateKey in a OneAsymmetricKey.
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

/** The members that are present decide the form. */
export type MlDsaPrivateKey =
  | { readonly seed: Uint8Array; readonly expandedKey?: undefined }
  | { readonly seed?: undefined; readonly expandedKey: Uint8Array }
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
 * Reads the contents of privateKey by their tag, never by their length; the length only decides which error is thrown.
 * Returns views. Throws PkiError invalid-private-key.
 */
export function readMlDsaPrivateKey(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
): MlDsaPrivateKey {
  rejectUntagged(octets, parameterSet);
  const element = parseChoice(octets);
  switch (element.tag) {
    case SEED:
      return { seed: checkedSeed(element.contents) };
    case TAG.octetString:
      return { expandedKey: checkedExpandedKey(element.contents, parameterSet) };
    case TAG.sequence:
      return readBoth([...membersOf(element)], parameterSet);
    case EXPLICIT_SEED:
      throw invalidPrivateKey('The seed has an EXPLICIT tag; [0] is IMPLICIT, octets 80 20');
    default:
      throw invalidPrivateKey('The privateKey must have one of the three forms of RFC 9881 §6');
  }
}

/** Drafts before RFC 9881 had the seed or the expanded key without a tag. No form of RFC 9881 has one of these lengths. */
function rejectUntagged({ length }: Uint8Array, parameterSet: MlDsaParameterSetName): void {
  if (length === SEED_LENGTH || length === ML_DSA[parameterSet].expandedKeyLength)
    throw invalidPrivateKey(
      'The privateKey contains raw octets; RFC 9881 §6 requires a tag and a length before them',
    );
}

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
  if (length === SEED_LENGTH)
    throw invalidPrivateKey(
      'The seed has the tag 04 of an expanded key; it must begin with the octets 80 20',
    );
  if (length === expected + ML_DSA[parameterSet].publicKeyLength)
    throw invalidPrivateKey(
      'The expanded key is followed by the public key, which RFC 9881 §6 does not allow',
    );
  const other = ML_DSA_PARAMETER_SETS.find((name) => ML_DSA[name].expandedKeyLength === length);
  const hint = other === undefined ? '' : `, the length for ${other}`;
  throw invalidPrivateKey(
    `The expanded ${parameterSet} key must have ${expected} octets, not ${length}${hint}`,
  );
}
