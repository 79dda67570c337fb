/**
 * The AlgorithmIdentifier of RSA and ECDSA signatures (RFC 4055 §5, RFC 5758 §3.2). The signatures of ML-DSA and Ed25519
 * have the AlgorithmIdentifier of their keys (RFC 9881 §2, RFC 8410 §3).
 */

import type { Digest, SignatureScheme } from '../algorithms/classical.ts';
import {
  encodeAlgorithmIdentifier,
  requireNoParameters,
  requireNullOrNoParameters,
  type AlgorithmIdentifier,
} from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { nullValue } from './der/writer.ts';
import { ML_DSA_ALGORITHM } from './key-algorithm.ts';
import { keyAlgorithmOid, signatureAlgorithmOid } from './oids.ts';
import { encodePssParameters, readPssParameters, type PssParameters } from './pss-parameters.ts';
import { STRICT, type Reading } from './reading.ts';

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

const PSS = signatureAlgorithmOid['RSASSA-PSS'];

export const RSA_SIGNATURE_OIDS: readonly string[] = Object.freeze([...Object.values(RSA), PSS]);
export const ECDSA_SIGNATURE_OIDS: readonly string[] = Object.freeze(Object.values(ECDSA));

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

/** RFC 4055 §3.1: the parameters of a signature are always present. */
export const encodePssAlgorithm = (parameters: PssParameters): Der =>
  encodeAlgorithmIdentifier(PSS, encodePssParameters(parameters));

/** `identifier` has one of RSA_SIGNATURE_OIDS. Throws PkiError unsupported-algorithm or invalid-der. */
export function readRsaSignature(
  identifier: AlgorithmIdentifier,
  reading: Reading = STRICT,
): SignatureScheme {
  if (identifier.oid === PSS) return { padding: 'pss', ...readPssParameters(identifier.parameters, reading) };
  requireNullOrNoParameters(identifier);
  return { digest: digestOf(identifier, RSA), padding: 'pkcs1' };
}

/** `identifier` has one of ECDSA_SIGNATURE_OIDS. Throws PkiError unsupported-algorithm. */
export function readEcdsaSignature(
  identifier: AlgorithmIdentifier,
  reading: Reading = STRICT,
): SignatureScheme {
  requireNoParameters(identifier, reading);
  return { digest: digestOf(identifier, ECDSA) };
}

const DIGESTS = Object.freeze(['sha256', 'sha384', 'sha512'] as const);

function digestOf({ oid }: AlgorithmIdentifier, table: Readonly<Record<Digest, string>>): Digest {
  const digest = DIGESTS.find((name) => table[name] === oid);
  if (digest === undefined) throw new TypeError(`${oid} does not belong to the table`);
  return digest;
}
