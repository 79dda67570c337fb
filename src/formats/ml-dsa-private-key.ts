/**
 * ML-DSA-44-PrivateKey ::= CHOICE {
 *      seed        [0] OCTET STRING (SIZE (32)),             -- IMPLICIT tags
 *      expandedKey     OCTET STRING (SIZE (2560)),
 *      both            SEQUENCE {
 *          seed            OCTET STRING (SIZE (32)),
 *          expandedKey     OCTET STRING (SIZE (2560)) } }    -- RFC 9881 §6; -65 has 4032, -87 has 4896 octets
 *
 * It is the contents of privateKey in a OneAsymmetricKey.
 */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  SEED_LENGTH,
  type MlDsaParameterSetName,
} from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import { membersOf, parseDer, type DerElement } from './der/reader.ts';
import { concat, tlvParts, TAG } from './der/writer.ts';
import { ML_DSA_ALGORITHM } from './key-algorithm.ts';
import { invalidPrivateKey, privateKeyInfoParts } from './private-key-info.ts';

/** The form is told by which members there are. */
export type MlDsaPrivateKey =
  | { readonly seed: Uint8Array; readonly expandedKey?: undefined }
  | { readonly seed?: undefined; readonly expandedKey: Uint8Array }
  | { readonly seed: Uint8Array; readonly expandedKey: Uint8Array };

const SEED = 0x80;
const EXPLICIT_SEED = 0xa0;

/** A whole OneAsymmetricKey. The caller zeroes it. */
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
 * Reads the contents of privateKey by their tag, never by their length; lengths only tell which error is meant. Answers
 * views. Throws PkiError invalid-private-key.
 */
export function readMlDsaPrivateKey(
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
): MlDsaPrivateKey {
  refuseUntagged(octets, parameterSet);
  const element = parseChoice(octets);
  switch (element.tag) {
    case SEED:
      return { seed: checkedSeed(element.contents) };
    case TAG.octetString:
      return { expandedKey: checkedExpandedKey(element.contents, parameterSet) };
    case TAG.sequence:
      return readBoth(membersOf(element), parameterSet);
    case EXPLICIT_SEED:
      throw invalidPrivateKey('the seed has an EXPLICIT tag; its [0] is IMPLICIT, octets 80 20');
    default:
      throw invalidPrivateKey('privateKey holds none of the three forms of RFC 9881 §6');
  }
}

/** As some wrote the seed or the expanded key before RFC 9881; none of its forms has such a length as a whole. */
function refuseUntagged({ length }: Uint8Array, parameterSet: MlDsaParameterSetName): void {
  if (length === SEED_LENGTH || length === ML_DSA[parameterSet].expandedKeyLength)
    throw invalidPrivateKey('privateKey holds raw octets; RFC 9881 §6 wants a tag and a length before them');
}

function parseChoice(octets: Uint8Array): DerElement {
  try {
    return parseDer(octets);
  } catch (error) {
    throw error instanceof PkiError ? invalidPrivateKey(`privateKey is ${error.message}`) : error;
  }
}

function readBoth(members: readonly DerElement[], parameterSet: MlDsaParameterSetName): MlDsaPrivateKey {
  const [seed, expandedKey, ...others] = members;
  if (seed === undefined || expandedKey === undefined)
    throw invalidPrivateKey('the form "both" lacks the seed or the expanded key');
  if (others.length > 0) throw invalidPrivateKey('the form "both" has more than seed and expanded key');
  if (seed.tag !== TAG.octetString || expandedKey.tag !== TAG.octetString)
    throw invalidPrivateKey('the members of the form "both" must be OCTET STRINGs with their universal tag');
  if (seed.contents.length > SEED_LENGTH && expandedKey.contents.length === SEED_LENGTH)
    throw invalidPrivateKey('the form "both" has its members swapped: the seed comes first');
  return {
    seed: checkedSeed(seed.contents),
    expandedKey: checkedExpandedKey(expandedKey.contents, parameterSet),
  };
}

function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_LENGTH)
    throw invalidPrivateKey(`the seed must have ${SEED_LENGTH} octets, not ${seed.length}`);
  return seed;
}

function checkedExpandedKey(expandedKey: Uint8Array, parameterSet: MlDsaParameterSetName): Uint8Array {
  const { length } = expandedKey;
  const wanted = ML_DSA[parameterSet].expandedKeyLength;
  if (length === wanted) return expandedKey;
  if (length === SEED_LENGTH)
    throw invalidPrivateKey('the seed stands under the tag 04 of an expanded key; its octets are 80 20 …');
  if (length === wanted + ML_DSA[parameterSet].publicKeyLength)
    throw invalidPrivateKey('the expanded key has the public key behind it, which RFC 9881 §6 does not know');
  const other = ML_DSA_PARAMETER_SETS.find((name) => ML_DSA[name].expandedKeyLength === length);
  const hint = other === undefined ? '' : `, which is the size of ${other}`;
  throw invalidPrivateKey(
    `the expanded ${parameterSet} key must have ${wanted} octets, not ${length}${hint}`,
  );
}
