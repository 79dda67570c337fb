/** The known-answer test of ML-KEM in node:crypto. */

import { createPrivateKey, createPublicKey, decapsulate, encapsulate, hash } from 'node:crypto';
import { MLKEM_SEED_LENGTH, type MlKemParameterSetName } from './parameter-sets.ts';

/** SHA-256 of the public keys of RFC 9935 appendix C.2, whose seed is 00 01 … 3f. */
const PUBLIC_KEY_DIGESTS: Readonly<Record<MlKemParameterSetName, string>> = Object.freeze({
  'ml-kem-512': '3ae268dccc5456ac0d0f9b39257dc48fe081383b97c400512d712b739762daee',
  'ml-kem-768': '0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9',
  'ml-kem-1024': 'c7b8fa0aa471d5ae18922d6ccad5b31e1d84f92ae723abfd13747018740a8530',
});

/** Throws an Error that names the failed step. */
export function mlKemSelfTest(parameterSet: MlKemParameterSetName): void {
  const seed = Buffer.from(Array.from({ length: MLKEM_SEED_LENGTH }, (_, index) => index));
  const privateKey = createPrivateKey({ key: seed, format: 'raw-seed', asymmetricKeyType: parameterSet });
  const publicKey = createPublicKey(privateKey);
  const digest = hash('sha256', publicKey.export({ format: 'raw-public' }));
  assert(digest === PUBLIC_KEY_DIGESTS[parameterSet], 'the public key of a known seed is wrong');
  const { sharedKey, ciphertext } = encapsulate(publicKey);
  assert(decapsulate(privateKey, ciphertext).equals(sharedKey), 'decapsulation leads to another secret');
  const changed = Buffer.from(ciphertext);
  changed[0] = (changed[0] ?? 0) ^ 1;
  assert(
    !decapsulate(privateKey, changed).equals(sharedKey),
    'a changed ciphertext leads to the same secret',
  );
}

function assert(condition: boolean, failure: string): void {
  if (!condition) throw new Error(failure);
}
