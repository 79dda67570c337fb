/** SLH-DSA in pure mode (FIPS 205 §10.2.1), computed by node:crypto on libuv's thread pool. */

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { asBuffer } from '../../base/octets.ts';
import { withoutStackTrace } from '../../base/without-stack-trace.ts';
import { generatedKeys, sign, verify } from '../async-crypto.ts';
import { countSecret } from '../secret-objects.ts';
import { SLH_DSA, type SlhDsaParameterSetName } from './parameter-sets.ts';

/** Signatures are randomized (FIPS 205 §9.2), and the context is empty (RFC 9909 §3). */
export interface SlhDsaComputation {
  /** Returns the private key. */
  generate(parameterSet: SlhDsaParameterSetName): Promise<KeyObject>;
  sign(key: KeyObject, message: Uint8Array): Promise<Uint8Array>;
  /** `publicKey` is PK. Returns false, and does not throw, for a key or signature of another length (FIPS 205 §9.3). */
  verify(
    parameterSet: SlhDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean>;
}

export const NODE_SLH_DSA: SlhDsaComputation = Object.freeze<SlhDsaComputation>({
  async generate(parameterSet) {
    const [, privateKey] = await generatedKeys((done) => generateKeyPair(parameterSet, undefined, done));
    return privateKey;
  },

  sign: (key, message) => sign(null, message, key),

  async verify(parameterSet, publicKey, message, signature) {
    const { publicKeyLength, signatureLength } = SLH_DSA[parameterSet];
    if (publicKey.length !== publicKeyLength || signature.length !== signatureLength) return false;
    return verify(null, message, readPublicKey(parameterSet, publicKey), signature);
  },
});

const readPublicKey = (parameterSet: SlhDsaParameterSetName, publicKey: Uint8Array): KeyObject =>
  withoutStackTrace(() =>
    createPublicKey({ key: asBuffer(publicKey), format: 'raw-public', asymmetricKeyType: parameterSet }),
  );

/** `privateKey` is SK, in the length of the parameter set. PK.root is not checked: a signature shows whether it is right. */
export function readSlhDsaPrivateKey(
  parameterSet: SlhDsaParameterSetName,
  privateKey: Uint8Array,
): KeyObject {
  countSecret();
  return withoutStackTrace(() =>
    createPrivateKey({ key: asBuffer(privateKey), format: 'raw-private', asymmetricKeyType: parameterSet }),
  );
}
