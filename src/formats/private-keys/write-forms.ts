/** The forms of a private key besides PKCS #8, made from the parts of a OneAsymmetricKey. */

import { PkiError } from '../../base/errors.ts';
import { readAlgorithmIdentifier, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { openPrivateKey } from '../classical-private-key.ts';
import type { CurveName } from '../curves.ts';
import type { Der } from '../der/header.ts';
import { elementOf } from '../der/reader.ts';
import { checkDer } from '../der/strict.ts';
import { concat, contextConstructed, TAG, tlvParts, unsignedInteger } from '../der/writer.ts';
import {
  mlDsaParameterSetOf,
  mlKemParameterSetOf,
  readNamedCurve,
  slhDsaParameterSetOf,
} from '../key-algorithm.ts';
import { readMlDsaPrivateKey } from '../ml-dsa-private-key.ts';
import { readMlKemPrivateKey } from '../ml-kem-private-key.ts';
import { keyAlgorithmOid } from '../oids.ts';
import { privateKeyInfoParts, readPrivateKeyInfo } from '../private-key-info.ts';
import type { SeedKey } from '../seed-key-choice.ts';
import { encodeJwk, type JwkValue } from './jwk-members.ts';
import { rawSeedKey } from './raw-private-key.ts';
import { RSA_MEMBERS } from './read-jwk.ts';

/** A OneAsymmetricKey of this service, and the octets of its public key. */
export interface ExportedKey {
  /** Version 0. */
  readonly pkcs8: Der;
  /** The octets of subjectPublicKey. */
  readonly publicKey: Uint8Array;
}

type Parts = ReturnType<typeof partsOf>;

function partsOf({ pkcs8, publicKey }: ExportedKey) {
  const info = readPrivateKeyInfo(pkcs8);
  return { algorithm: readAlgorithmIdentifier(info.algorithm), info, publicKey };
}

const refused = (form: string, reason: string): PkiError =>
  new PkiError('invalid-key-options', `The key cannot be written as ${form}: ${reason}`, ['format']);

const isEc = ({ oid }: AlgorithmIdentifier): boolean => oid === keyAlgorithmOid['id-ecPublicKey'];
const isRsa = ({ oid }: AlgorithmIdentifier): boolean => oid === keyAlgorithmOid.rsaEncryption;
const isSlhDsa = ({ oid }: AlgorithmIdentifier): boolean => slhDsaParameterSetOf(oid) !== undefined;
const isEd25519 = ({ oid }: AlgorithmIdentifier): boolean => oid === keyAlgorithmOid.Ed25519;

/** Returns version 1 with the public key (RFC 5958 §2). Every function here returns new octets, which the caller zeroes. */
export function withPublicKey(key: ExportedKey): Der {
  const { info, publicKey } = partsOf(key);
  return concat(privateKeyInfoParts(info.algorithm, [info.privateKey], publicKey)) as Der;
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2). Throws PkiError invalid-key-options for another key. */
export function toPkcs1(key: ExportedKey): Der {
  const { algorithm, info } = partsOf(key);
  if (!isRsa(algorithm))
    throw refused('PKCS #1', 'that form is for RSA keys without a restriction to RSASSA-PSS');
  return concat([info.privateKey]) as Der;
}

/** ECPrivateKey with its curve and public key (RFC 5915 §3). Throws PkiError invalid-key-options for another key. */
export function toSec1(key: ExportedKey): Der {
  const { algorithm, info } = partsOf(key);
  if (!isEc(algorithm) || algorithm.parameters === undefined)
    throw refused('SEC 1', 'that form is for keys of elliptic curves such as P-256');
  const { scalar, publicKey } = ecParts(info.privateKey);
  const members = [
    unsignedInteger(1),
    ...tlvParts(TAG.octetString, [scalar]),
    contextConstructed(0, algorithm.parameters),
    publicKey,
  ];
  return concat(tlvParts(TAG.sequence, members)) as Der;
}

/** `publicKey` is the member [1] with its tag. */
function ecParts(privateKey: Uint8Array): { scalar: Uint8Array; publicKey: Uint8Array } {
  const reader = openPrivateKey('ECPrivateKey', privateKey);
  reader.integer('version');
  const scalar = reader.octetString('privateKey');
  reader.optionalElement('parameters', 0xa0);
  return { scalar, publicKey: reader.element('publicKey', 0xa1).encoding };
}

/** The seed or the expanded key of ML-DSA, or the key of SLH-DSA or Ed25519. Throws PkiError invalid-key-options for another key. */
export function toRaw(key: ExportedKey): Uint8Array {
  const { algorithm, info } = partsOf(key);
  const seedKey = seedKeyOf(algorithm, info.privateKey);
  if (seedKey !== undefined) return concat([rawSeedKey(seedKey)]);
  if (isSlhDsa(algorithm)) return concat([info.privateKey]);
  if (isEd25519(algorithm)) return concat([curvePrivateKey(info.privateKey)]);
  throw refused('raw octets', 'that form is for ML-DSA, ML-KEM, SLH-DSA and Ed25519 keys');
}

/** Of ML-DSA and ML-KEM. */
function seedKeyOf({ oid }: AlgorithmIdentifier, privateKey: Uint8Array): SeedKey | undefined {
  const [mlDsa, mlKem] = [mlDsaParameterSetOf(oid), mlKemParameterSetOf(oid)];
  if (mlDsa !== undefined) return readMlDsaPrivateKey(privateKey, mlDsa);
  return mlKem && readMlKemPrivateKey(privateKey, mlKem);
}

/** RFC 8410 §7. */
const curvePrivateKey = (privateKey: Uint8Array): Uint8Array =>
  elementOf(checkDer(privateKey, { subject: 'CurvePrivateKey' })).contents;

/** JSON (RFC 7517). Throws PkiError invalid-key-options for a key that no JWK can have. */
export const toJwk = (key: ExportedKey): Uint8Array => encodeJwk(jwkMembers(partsOf(key)));

function jwkMembers(parts: Parts): [string, JwkValue][] {
  const { algorithm, info, publicKey } = parts;
  const parameterSet = mlDsaParameterSetOf(algorithm.oid);
  if (parameterSet !== undefined) {
    const { seed } = readMlDsaPrivateKey(info.privateKey, parameterSet);
    if (seed === undefined)
      throw refused('JWK', 'RFC 9964 has the seed, which cannot be computed from the expanded key');
    return [
      ['kty', 'AKP'],
      ['alg', parameterSet.toUpperCase()],
      ['pub', publicKey],
      ['priv', seed],
    ];
  }
  if (isEd25519(algorithm))
    return [
      ['kty', 'OKP'],
      ['crv', 'Ed25519'],
      ['x', publicKey],
      ['d', curvePrivateKey(info.privateKey)],
    ];
  if (isEc(algorithm)) return ecMembers(readNamedCurve(algorithm), parts);
  if (isRsa(algorithm)) return rsaMembers(info.privateKey);
  if (isSlhDsa(algorithm)) throw refused('JWK', NO_JWK_OF_SLH_DSA);
  if (mlKemParameterSetOf(algorithm.oid) !== undefined) throw refused('JWK', NO_JWK_OF_ML_KEM);
  throw refused('JWK', 'a key that is restricted to RSASSA-PSS loses its restriction');
}

const NO_JWK_OF_SLH_DSA =
  'RFC 9964 has the form for ML-DSA only, and that for SLH-DSA is a draft (draft-ietf-cose-sphincs-plus)';

const NO_JWK_OF_ML_KEM =
  'RFC 9964 has the form for ML-DSA only, and that for ML-KEM is a draft (draft-ietf-jose-pqc-kem)';

/** `publicKey` is 04, x and y. */
function ecMembers(curve: CurveName, { info, publicKey }: Parts): [string, JwkValue][] {
  const length = (publicKey.length - 1) / 2;
  return [
    ['kty', 'EC'],
    ['crv', curve],
    ['x', publicKey.subarray(1, 1 + length)],
    ['y', publicKey.subarray(1 + length)],
    ['d', ecParts(info.privateKey).scalar],
  ];
}

function rsaMembers(privateKey: Uint8Array): [string, JwkValue][] {
  const reader = openPrivateKey('RSAPrivateKey', privateKey);
  reader.integer('version');
  return [
    ['kty', 'RSA'],
    ...RSA_MEMBERS.map((name): [string, JwkValue] => [name, magnitude(reader.integer(name))]),
  ];
}

/** RFC 7518 §2: Base64urlUInt has no zero octet at its beginning. */
const magnitude = (integer: Uint8Array): Uint8Array => (integer[0] === 0 ? integer.subarray(1) : integer);
