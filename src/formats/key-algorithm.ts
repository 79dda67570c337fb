/** The AlgorithmIdentifier of a key, in SubjectPublicKeyInfo and in PKCS #8. */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../algorithms/ml-dsa/parameter-sets.ts';
import {
  ML_KEM,
  ML_KEM_PARAMETER_SETS,
  type MlKemParameterSetName,
} from '../algorithms/ml-kem/parameter-sets.ts';
import {
  SLH_DSA,
  SLH_DSA_PARAMETER_SETS,
  type SlhDsaParameterSetName,
} from '../algorithms/slh-dsa/parameter-sets.ts';
import { encodeAlgorithmIdentifier, unsupported, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { decodeOid, elementOf } from './der/reader.ts';
import { nullValue, TAG } from './der/writer.ts';
import { CURVE_NAMES, curveOfSameOrder, type CurveName } from './curves.ts';
import { curveOid, describeOid, keyAlgorithmOid } from './oids.ts';

/** Length of a public and of a private key, in octets (RFC 8032 §5.1.5). */
export const ED25519_LENGTH = 32;

/** In bits: a shorter modulus is weak, a longer one only costs time. */
export const RSA_MODULUS = Object.freeze({ min: 2048, max: 8192 });

/**
 * `30 0B 06 09 60 86 48 01 65 03 04 03 11|12|13`: the parameters are absent (RFC 9881 §2). Keys and signatures have the
 * same AlgorithmIdentifier.
 */
export const ML_DSA_ALGORITHM: Readonly<Record<MlDsaParameterSetName, Der>> = Object.freeze({
  'ml-dsa-44': encodeAlgorithmIdentifier(ML_DSA['ml-dsa-44'].oid),
  'ml-dsa-65': encodeAlgorithmIdentifier(ML_DSA['ml-dsa-65'].oid),
  'ml-dsa-87': encodeAlgorithmIdentifier(ML_DSA['ml-dsa-87'].oid),
});

export const mlDsaParameterSetOf = (oid: string): MlDsaParameterSetName | undefined =>
  ML_DSA_PARAMETER_SETS.find((parameterSet) => ML_DSA[parameterSet].oid === oid);

/** Without parameters, for keys and signatures (RFC 9909 §3). */
export const slhDsaAlgorithm = (parameterSet: SlhDsaParameterSetName): Der =>
  encodeAlgorithmIdentifier(SLH_DSA[parameterSet].oid);

export const slhDsaParameterSetOf = (oid: string): SlhDsaParameterSetName | undefined =>
  SLH_DSA_PARAMETER_SETS.find((parameterSet) => SLH_DSA[parameterSet].oid === oid);

/** Without parameters (RFC 9935 §3). */
export const mlKemAlgorithm = (parameterSet: MlKemParameterSetName): Der =>
  encodeAlgorithmIdentifier(ML_KEM[parameterSet].oid);

export const mlKemParameterSetOf = (oid: string): MlKemParameterSetName | undefined =>
  ML_KEM_PARAMETER_SETS.find((parameterSet) => ML_KEM[parameterSet].oid === oid);

/** Without parameters (RFC 8410 §3). */
export const ED25519_ALGORITHM: Der = encodeAlgorithmIdentifier(keyAlgorithmOid.Ed25519);

/** RFC 3279 §2.3.1. */
export const RSA_ALGORITHM = encodeAlgorithmIdentifier(keyAlgorithmOid.rsaEncryption, nullValue());

/**
 * RFC 5480 §2.1.1: only namedCurve; neither explicit parameters nor an inherited curve. Throws PkiError
 * unsupported-algorithm.
 */
export function readNamedCurve({ parameters }: Pick<AlgorithmIdentifier, 'parameters'>): CurveName {
  const curve = parameters && elementOf(parameters);
  if (curve?.tag === TAG.objectIdentifier) return curveByOid(decodeOid(curve.contents));
  const written = parameters && curveOfSameOrder(parameters);
  throw unsupported(`An EC key must name its curve; ${written ? namedInstead(written) : SUPPORTED_CURVES}`);
}

const namedInstead = (curve: CurveName): string =>
  `this one writes out a curve with the order of ${curve}. ` +
  'Convert it with "openssl pkey -in key.pem -ec_param_enc named_curve"';

const SUPPORTED_CURVES = 'P-256, P-384 and P-521 are supported';

function curveByOid(oid: string): CurveName {
  const name = CURVE_NAMES.find((curve) => curveOid[curve] === oid);
  if (name === undefined)
    throw unsupported(`The curve ${describeOid(oid)} is not supported; ${SUPPORTED_CURVES}`);
  return name;
}
