/**
 * The contents of privateKey in a OneAsymmetricKey: SK.seed ‖ SK.prf ‖ PK.seed ‖ PK.root, without a tag (RFC 9909 §7). The
 * same octets in an OCTET STRING, as early drafts of the RFC had them, are tolerated.
 */

import {
  SLH_DSA,
  slhDsaStandardName,
  type SlhDsaParameterSetName,
} from '../algorithms/slh-dsa/parameter-sets.ts';
import { concat, header, TAG } from './der/writer.ts';
import { slhDsaAlgorithm } from './key-algorithm.ts';
import { invalidPrivateKey, privateKeyInfoParts } from './private-key-info.ts';
import { STRICT, type Reading } from './reading.ts';

/** Returns a whole OneAsymmetricKey, DER. The caller zeroes it. */
export const encodeSlhDsaPrivateKey = (
  parameterSet: SlhDsaParameterSetName,
  privateKey: Uint8Array,
): Uint8Array => concat(privateKeyInfoParts(slhDsaAlgorithm(parameterSet), [privateKey]));

/** Returns SK, a view of `octets`. Throws PkiError invalid-private-key. */
export function readSlhDsaPrivateKey(
  octets: Uint8Array,
  parameterSet: SlhDsaParameterSetName,
  reading: Reading = STRICT,
): Uint8Array {
  const { privateKeyLength } = SLH_DSA[parameterSet];
  if (octets.length === privateKeyLength) return octets;
  const name = slhDsaStandardName(parameterSet);
  const fault = invalidPrivateKey(
    `An ${name} private key must be ${privateKeyLength} octets without a tag, got ${octets.length}`,
  );
  // Only the tag and the length are compared: no copy of the key is made
  const tag = header(TAG.octetString, privateKeyLength);
  const isTagged =
    octets.length === tag.length + privateKeyLength && tag.every((octet, index) => octet === octets[index]);
  if (!isTagged) throw fault;
  reading.tolerate('private-key-value', fault);
  return octets.subarray(tag.length);
}
