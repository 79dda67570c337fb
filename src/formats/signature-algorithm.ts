/** The AlgorithmIdentifier of a signature (RFC 9881 §2, RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3). */

import type { Digest } from '../algorithms/classical.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import {
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
  requireNoParameters,
  requireNullOrNoParameters,
  unsupported,
  type AlgorithmIdentifier,
} from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { nullValue } from './der/writer.ts';
import { ML_DSA_ALGORITHM, mlDsaParameterSetOf } from './key-algorithm.ts';
import { describeOid, keyAlgorithmOid, signatureAlgorithmOid } from './oids.ts';
import { readPssParameters } from './pss-parameters.ts';

export type SignatureScheme =
  | { readonly family: 'ml-dsa'; readonly parameterSet: MlDsaParameterSetName }
  | { readonly family: 'rsa'; readonly digest: Digest; readonly padding: 'pkcs1' }
  /** `saltLength` in octets. */
  | { readonly family: 'rsa'; readonly digest: Digest; readonly padding: 'pss'; readonly saltLength: number }
  | { readonly family: 'ecdsa'; readonly digest: Digest }
  | { readonly family: 'ed25519'; readonly digest: null };

const RSA: Readonly<Record<Digest, string>> = Object.freeze({
  sha256: signatureAlgorithmOid.sha256WithRSAEncryption,
  sha384: signatureAlgorithmOid.sha384WithRSAEncryption,
  sha512: signatureAlgorithmOid.sha512WithRSAEncryption,
});

const ECDSA: Readonly<Record<Digest, string>> = Object.freeze({
  sha256: signatureAlgorithmOid['ecdsa-with-SHA256'],
  sha384: signatureAlgorithmOid['ecdsa-with-SHA384'],
  sha512: signatureAlgorithmOid['ecdsa-with-SHA512'],
});

/** The AlgorithmIdentifiers that are written, DER. */
export const SIGNATURE_ALGORITHM = Object.freeze({
  'ml-dsa': ML_DSA_ALGORITHM,
  rsa: perDigest((digest) => encodeAlgorithmIdentifier(RSA[digest], nullValue())),
  ecdsa: perDigest((digest) => encodeAlgorithmIdentifier(ECDSA[digest])),
  ed25519: encodeAlgorithmIdentifier(keyAlgorithmOid.Ed25519),
});

function perDigest(encode: (digest: Digest) => Der): Readonly<Record<Digest, Der>> {
  return Object.freeze({ sha256: encode('sha256'), sha384: encode('sha384'), sha512: encode('sha512') });
}

/** Throws PkiError unsupported-algorithm that names the actual algorithm, or invalid-der. */
export function readSignatureAlgorithm(der: Der): SignatureScheme {
  const identifier = readAlgorithmIdentifier(der);
  const parameterSet = mlDsaParameterSetOf(identifier.oid);
  if (parameterSet !== undefined) {
    requireNoParameters(identifier);
    return { family: 'ml-dsa', parameterSet };
  }
  return readClassicalScheme(identifier);
}

function readClassicalScheme(identifier: AlgorithmIdentifier): SignatureScheme {
  const { oid, parameters } = identifier;
  const rsaDigest = digestFor(oid, RSA);
  if (rsaDigest !== undefined) {
    requireNullOrNoParameters(identifier);
    return { family: 'rsa', digest: rsaDigest, padding: 'pkcs1' };
  }
  if (oid === signatureAlgorithmOid['RSASSA-PSS'])
    return { family: 'rsa', padding: 'pss', ...readPssParameters(parameters) };
  const ecdsaDigest = digestFor(oid, ECDSA);
  if (ecdsaDigest === undefined && oid !== keyAlgorithmOid.Ed25519)
    throw unsupported(
      `Signatures of ${describeOid(oid)} are not supported; ML-DSA, RSA and ECDSA with SHA-2, and Ed25519 are`,
    );
  requireNoParameters(identifier);
  return ecdsaDigest === undefined
    ? { family: 'ed25519', digest: null }
    : { family: 'ecdsa', digest: ecdsaDigest };
}

const DIGESTS = Object.freeze(['sha256', 'sha384', 'sha512'] as const);

const digestFor = (oid: string, table: Readonly<Record<Digest, string>>): Digest | undefined =>
  DIGESTS.find((digest) => table[digest] === oid);
