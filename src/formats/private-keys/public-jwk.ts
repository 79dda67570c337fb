/**
 * The public key in a JWK. The kinds of keys: AKP with ML-DSA (RFC 9964 §3), EC and RSA (RFC 7518 §6.2.1, §6.3.1), OKP with
 * Ed25519 (RFC 8037 §2).
 */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../algorithms/ml-dsa/parameter-sets.ts';
import { encodeAlgorithmIdentifier, unsupported } from '../algorithm-identifier.ts';
import { COORDINATE_LENGTH, CURVE_NAMES } from '../curves.ts';
import type { Der } from '../der/header.ts';
import { concat, objectIdentifier, TAG, tlvParts } from '../der/writer.ts';
import { ED25519_ALGORITHM, ED25519_LENGTH, RSA_ALGORITHM } from '../key-algorithm.ts';
import { curveOid, keyAlgorithmOid } from '../oids.ts';
import { encodeMlDsaPublicKey, encodeSubjectPublicKeyInfo } from '../subject-public-key-info.ts';
import type { JwkMembers } from './jwk-members.ts';

/** Returns SubjectPublicKeyInfo; undefined for another kind of key. Throws PkiError. */
export function jwkToPublicKey(jwk: JwkMembers): Der | undefined {
  switch (jwk.text('kty')) {
    case 'AKP': {
      const { parameterSet, publicKey } = mlDsaPublicKey(jwk);
      return encodeMlDsaPublicKey(parameterSet, publicKey);
    }
    case 'EC': {
      const { algorithm, point } = ecPublicKey(jwk);
      return encodeSubjectPublicKeyInfo(algorithm, point);
    }
    case 'RSA':
      return encodeSubjectPublicKeyInfo(RSA_ALGORITHM, rsaPublicKey(jwk));
    case 'OKP':
      return encodeSubjectPublicKeyInfo(ED25519_ALGORITHM, ed25519PublicKey(jwk));
    default:
      return undefined;
  }
}

/** What errors repeat of the text of a caller. */
export const shown = (text: string): string => (/^[\w+.-]{1,24}$/.test(text) ? text : 'that is given');

export function mlDsaPublicKey(jwk: JwkMembers): {
  readonly parameterSet: MlDsaParameterSetName;
  readonly publicKey: Uint8Array;
} {
  const alg = jwk.text('alg');
  const parameterSet = ML_DSA_PARAMETER_SETS.find((name) => name.toUpperCase() === alg);
  if (parameterSet === undefined)
    throw unsupported(
      `The alg ${shown(alg)} of the JWK is not supported; ML-DSA-44, ML-DSA-65 and ML-DSA-87 are`,
    );
  return { parameterSet, publicKey: jwk.decoded('pub', ML_DSA[parameterSet].publicKeyLength) };
}

export function ed25519PublicKey(jwk: JwkMembers): Uint8Array {
  const crv = jwk.text('crv');
  if (crv !== 'Ed25519') throw unsupported(`The crv ${shown(crv)} of the JWK is not supported; Ed25519 is`);
  return jwk.decoded('x', ED25519_LENGTH);
}

/** `length` is that of a coordinate and of d (RFC 7518 §6.2.2.1: the length of the order). */
export function ecPublicKey(jwk: JwkMembers): {
  readonly algorithm: Der;
  readonly point: Uint8Array;
  readonly length: number;
} {
  const crv = jwk.text('crv');
  const curve = CURVE_NAMES.find((name) => name === crv);
  if (curve === undefined)
    throw unsupported(`The crv ${shown(crv)} of the JWK is not supported; ${CURVE_NAMES.join(', ')} are`);
  const length = COORDINATE_LENGTH[curve];
  const point = concat([Uint8Array.of(4), jwk.decoded('x', length), jwk.decoded('y', length)]);
  const algorithm = encodeAlgorithmIdentifier(
    keyAlgorithmOid['id-ecPublicKey'],
    objectIdentifier(curveOid[curve]),
  );
  return { algorithm, point, length };
}

/** RSAPublicKey (RFC 8017 appendix A.1.1). */
const rsaPublicKey = (jwk: JwkMembers): Uint8Array =>
  concat(
    tlvParts(
      TAG.sequence,
      ['n', 'e'].flatMap((name) => integerParts(jwk.decoded(name))),
    ),
  );

/** The encoding of an INTEGER that is not negative, without a copy. */
export function integerParts(octets: Uint8Array): Uint8Array[] {
  const start = octets.findIndex((octet) => octet !== 0);
  const minimal = start < 0 ? octets.subarray(0, 0) : octets.subarray(start);
  const needsZero = minimal.length === 0 || (minimal[0] ?? 0) >= 0x80;
  return tlvParts(TAG.integer, needsZero ? [Uint8Array.of(0), minimal] : [minimal]);
}
