/**
 * The known-answer test of a parameter set. The private key is known, and its root was computed by another implementation
 * (@noble/post-quantum): a signature verifies only when every hash of both trees leads to this root.
 */

import { readSlhDsaPrivateKey, type SlhDsaComputation } from './computation.ts';
import { SLH_DSA, type SlhDsaParameterSetName } from './parameter-sets.ts';

/** PK.root of the key whose SK.seed ‖ SK.prf ‖ PK.seed is 00 01 02 …, in hexadecimal. */
const ROOTS: Readonly<Record<SlhDsaParameterSetName, string>> = Object.freeze({
  'slh-dsa-sha2-128s': '990ce6298792b128846a8e4a3a68954c',
  'slh-dsa-sha2-128f': '3b56e816847f000386aeec2e2bb9e1b5',
  'slh-dsa-sha2-192s': 'b6f282ce116ff59bce2d9fc4a67c6031dabdce326c34f541',
  'slh-dsa-sha2-192f': '9236ccebbb3a90ac2452dd89de49dab1340ec02419a2870e',
  'slh-dsa-sha2-256s': 'da7163e601352515bc0f06f9f4f44be71a5a65ee9dca5575cf4a7b6d4a87d6e2',
  'slh-dsa-sha2-256f': '42cffe64ddbd6731063752684df77c8b58c225dc6b491208916b654ea1393176',
  'slh-dsa-shake-128s': '89fd81fdbb5b94129b14761bdc6bf682',
  'slh-dsa-shake-128f': 'a90e4715b9a925c332801767fd786371',
  'slh-dsa-shake-192s': 'eb247f955d8eca24a5860536c56b2c4d1e8d8e835eb27d2d',
  'slh-dsa-shake-192f': '3f01b06bebed020a459696868d115fe8507ded8dc08e825d',
  'slh-dsa-shake-256s': '27ea444dbc8ca9c169fd484b9e977eb77a4f233550757e025cf180ede7e8839f',
  'slh-dsa-shake-256f': '818d7e76beef979b5bbf9161fdefa21bd0fe0bfe19157a5711a8de8a8f6878e6',
});

const MESSAGE = new TextEncoder().encode('power-on self-test');

/** Throws an Error that names the failed step. */
export async function slhDsaSelfTest(
  { sign, verify }: Pick<SlhDsaComputation, 'sign' | 'verify'>,
  parameterSet: SlhDsaParameterSetName,
): Promise<void> {
  const { partLength, signatureLength } = SLH_DSA[parameterSet];
  const seeds = Uint8Array.from({ length: 3 * partLength }, (_, index) => index);
  const privateKey = Buffer.concat([seeds, Buffer.from(ROOTS[parameterSet], 'hex')]);
  const publicKey = privateKey.subarray(2 * partLength);
  const signature = await sign(readSlhDsaPrivateKey(parameterSet, privateKey), MESSAGE);
  assert(signature.length === signatureLength, 'a signature has the wrong length');
  const [valid, otherMessage, otherSignature] = await Promise.all([
    verify(parameterSet, publicKey, MESSAGE, signature),
    verify(parameterSet, publicKey, withOneBitFlipped(MESSAGE), signature),
    verify(parameterSet, publicKey, MESSAGE, withOneBitFlipped(signature)),
  ]);
  assert(valid, 'a signature does not lead to the root of a known key');
  assert(!otherMessage, 'a signature verifies for another message');
  assert(!otherSignature, 'a modified signature verifies');
}

function withOneBitFlipped(octets: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(octets);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

function assert(condition: boolean, failure: string): void {
  if (!condition) throw new Error(failure);
}
