/**
 * The contents of privateKey in a OneAsymmetricKey: SK.seed ‖ SK.prf ‖ PK.seed ‖ PK.root, without a tag (RFC 9909 §7). The
 * same octets in an OCTET STRING, as early drafts of the RFC had them, are tolerated.
 */

import {
  SLH_DSA,
  slhDsaStandardName,
  type SlhDsaParameterSetName,
} from '../algorithms/slh-dsa/parameter-sets.ts';
import { concat, TAG, tlvParts } from './der/writer.ts';
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
  const privateKey = octets.subarray(-privateKeyLength);
  const isTagged = Buffer.compare(concat(tlvParts(TAG.octetString, [privateKey])), octets) === 0;
  if (!isTagged) throw fault;
  reading.tolerate('private-key-value', fault);
  return privateKey;
}
