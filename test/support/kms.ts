/**
 * A key store like that of a cloud or an HSM: the private keys are inside it, and it has no export. For ML-DSA it gets
 * the 64 octets of μ (FIPS 204 §6.2) and not the message.
 */

import { hash, randomBytes, randomUUID } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { PkiError } from '../../src/base/errors.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import type { KeyStore } from '../../src/key-store/key-store.ts';
import { mlDsaPublicKey } from '../../src/keys/ml-dsa-signing-key.ts';
import type { KeyAlgorithmName, Keys, Signer } from '../../src/keys/key.ts';

const ML_DSA = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 } as const;
type MlDsaName = keyof typeof ML_DSA;

const isMlDsa = (algorithm: KeyAlgorithmName): algorithm is MlDsaName => Object.hasOwn(ML_DSA, algorithm);

const shake = (octets: Uint8Array): Buffer =>
  hash('shake256', octets, { outputEncoding: 'buffer', outputLength: 64 });

/** FIPS 204 §5.2 and §6.2, with an empty context. */
const externalMu = (publicKey: Uint8Array, message: Uint8Array): Uint8Array =>
  shake(Buffer.concat([shake(publicKey), Buffer.of(0, 0), message]));

export interface Kms extends KeyStore {
  /** Lengths of what it was asked to sign. */
  readonly signed: number[];
}

/** The key of `signer`, but like that of a KMS: it only signs, with `sign`. */
export const signingWith = ({ publicKey, signatureAlgorithm }: Signer, sign: Signer['sign']): Signer => ({
  publicKey,
  signatureAlgorithm,
  sign,
});

/** The keys live as long as `kms`, over restarts of what uses it. */
export function createKms(keys: Keys): Kms {
  const inside = new Map<string, Signer>();
  const signed: number[] = [];

  function mlDsaSigner(algorithm: MlDsaName): Signer {
    const scheme = ML_DSA[algorithm];
    const { publicKey, secretKey } = scheme.keygen(randomBytes(32));
    return {
      publicKey: mlDsaPublicKey(algorithm, publicKey),
      signatureAlgorithm: ML_DSA_ALGORITHM[algorithm],
      async sign(message) {
        const mu = externalMu(publicKey, message);
        signed.push(mu.length);
        return scheme.internal.sign(mu, secretKey, { externalMu: true, extraEntropy: randomBytes(32) });
      },
    };
  }

  async function classicalSigner(algorithm: KeyAlgorithmName): Promise<Signer> {
    const key = await keys.generate(algorithm);
    return signingWith(key, (message) => key.sign(message));
  }

  return {
    signed,
    async generate(_identity, algorithm) {
      const signer = isMlDsa(algorithm) ? mlDsaSigner(algorithm) : await classicalSigner(algorithm);
      const keyReference = `kms:${randomUUID()}`;
      inside.set(keyReference, signer);
      return { signer, material: { keyReference } };
    },
    async seal() {
      throw new PkiError('key-unavailable', 'The KMS imports no keys');
    },
    async open(_identity, { keyReference = '' }) {
      const signer = inside.get(keyReference);
      if (signer === undefined) throw new PkiError('key-unavailable', 'The KMS has no such key');
      return signer;
    },
    replace: async () => undefined,
    forget() {},
    close() {},
  };
}
