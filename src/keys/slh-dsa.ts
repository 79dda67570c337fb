/** SLH-DSA keys (RFC 9909). */

import type { KeyObject } from 'node:crypto';
import type { Cryptography } from '../algorithms/cryptography.ts';
import { readSlhDsaPrivateKey as toKeyObject } from '../algorithms/slh-dsa/computation.ts';
import {
  SLH_DSA,
  SLH_DSA_PARAMETER_SETS,
  slhDsaStandardName,
  type SlhDsaParameterSetName,
} from '../algorithms/slh-dsa/parameter-sets.ts';
import {
  requireNoParameters,
  unsupported,
  type AlgorithmIdentifier,
} from '../formats/algorithm-identifier.ts';
import { slhDsaParameterSetOf } from '../formats/key-algorithm.ts';
import { describeOid } from '../formats/oids.ts';
import { invalidPrivateKey, KEY_PAIR } from '../formats/private-key-info.ts';
import { readSlhDsaPrivateKey } from '../formats/slh-dsa-private-key.ts';
import type { SigningFamily } from './family.ts';
import { encodedAs, requireLength } from './public-key-checks.ts';
import { SlhDsaSigningKey } from './slh-dsa-signing-key.ts';

const OIDS: readonly string[] = Object.freeze(SLH_DSA_PARAMETER_SETS.map((name) => SLH_DSA[name].oid));

/** RFC 9909 §3: keys and signatures have the same AlgorithmIdentifier, and HashSLH-DSA has others. */
export const slhDsa: SigningFamily = {
  title: 'SLH-DSA',
  keyOids: OIDS,
  signatureTitle: 'SLH-DSA',
  signatureOids: OIDS,

  readPublicKey(key, reading) {
    const parameterSet = parameterSetOf(key.algorithm);
    const algorithm = requireNoParameters(key.algorithm, reading);
    const { publicKeyLength } = SLH_DSA[parameterSet];
    requireLength(`An ${slhDsaStandardName(parameterSet)} public key`, key.bits, publicKeyLength);
    return { family: 'slh-dsa', algorithm: parameterSet, ...encodedAs(key, algorithm, key.bits) };
  },

  verifier(algorithm, reading) {
    const parameterSet = parameterSetOf(algorithm);
    requireNoParameters(algorithm, reading);
    return async (cryptography, key, message, signature) =>
      key.algorithm === parameterSet &&
      cryptography.slhDsa.verify(parameterSet, key.bits, message, signature);
  },

  generate: async (cryptography, parameterSet: SlhDsaParameterSetName) =>
    new SlhDsaSigningKey(cryptography, parameterSet, await cryptography.slhDsa.generate(parameterSet)),

  async importPrivateKey(cryptography, algorithm, { privateKey }, reading) {
    requireNoParameters(algorithm, reading);
    const parameterSet = parameterSetOf(algorithm);
    const octets = readSlhDsaPrivateKey(privateKey, parameterSet, reading);
    return importKey(cryptography, parameterSet, toKeyObject(parameterSet, octets));
  },
};

function parameterSetOf({ oid }: AlgorithmIdentifier): SlhDsaParameterSetName {
  const parameterSet = slhDsaParameterSetOf(oid);
  if (parameterSet === undefined) throw unsupported(`${describeOid(oid)} is not SLH-DSA`);
  return parameterSet;
}

const MESSAGE = new TextEncoder().encode('pairwise consistency test');

/** FIPS 205 §9.1: PK.root is computed from the other parts, and only a signature of them shows whether it is theirs. */
async function importKey(
  cryptography: Cryptography,
  parameterSet: SlhDsaParameterSetName,
  keyObject: KeyObject,
): Promise<SlhDsaSigningKey> {
  const key = new SlhDsaSigningKey(cryptography, parameterSet, keyObject);
  const signature = await key.sign(MESSAGE);
  if (await cryptography.slhDsa.verify(parameterSet, key.publicKey.bits, MESSAGE, signature)) return key;
  key.destroy();
  throw invalidPrivateKey(
    'PK.root of the private key must be the root of its SK.seed and PK.seed (FIPS 205 §9.1)',
    KEY_PAIR,
  );
}
