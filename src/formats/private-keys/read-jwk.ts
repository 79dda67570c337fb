/**
 * A private key in a JWK as OneAsymmetricKey. The kinds of keys: AKP with ML-DSA (RFC 9964 §3), EC and RSA (RFC 7518 §6.2,
 * §6.3), OKP with Ed25519 (RFC 8037 §2). The public key of the JWK becomes part of the result, so the import checks that it
 * belongs to the private key.
 */

import { SEED_LENGTH } from '../../algorithms/ml-dsa/parameter-sets.ts';
import { unsupported } from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { bitString, concat, contextConstructed, TAG, tlvParts, unsignedInteger } from '../der/writer.ts';
import { ED25519_ALGORITHM, ED25519_LENGTH, ML_DSA_ALGORITHM, RSA_ALGORITHM } from '../key-algorithm.ts';
import { privateKeyInfoParts } from '../private-key-info.ts';
import { JwkMembers } from './jwk-members.ts';
import { ecPublicKey, ed25519PublicKey, integerParts, mlDsaPublicKey, shown } from './public-jwk.ts';

/** Returns a new OneAsymmetricKey, which the caller zeroes. Throws PkiError. */
export function jwkToPkcs8(text: Uint8Array): Der {
  const jwk = new JwkMembers(text);
  if (jwk.has('keys')) throw unsupported('A JWK is expected, not a JWK Set');
  const kty = jwk.text('kty');
  const read = READERS.get(kty);
  if (read === undefined)
    throw unsupported(
      `A JWK of the kind ${shown(kty)} is not supported; ${[...READERS.keys()].join(', ')} are`,
    );
  try {
    return concat(read(jwk)) as Der;
  } finally {
    jwk.zero();
  }
}

/** Each returns the parts of a OneAsymmetricKey. */
const READERS: ReadonlyMap<string, (jwk: JwkMembers) => Uint8Array[]> = new Map([
  ['AKP', readMlDsa],
  ['EC', readEc],
  ['RSA', readRsa],
  ['OKP', readEd25519],
]);

/** RFC 9964 §3: `priv` is the seed. */
function readMlDsa(jwk: JwkMembers): Uint8Array[] {
  const { parameterSet, publicKey } = mlDsaPublicKey(jwk);
  const seed = jwk.decoded('priv', SEED_LENGTH);
  return privateKeyInfoParts(ML_DSA_ALGORITHM[parameterSet], tlvParts(0x80, [seed]), publicKey);
}

function readEd25519(jwk: JwkMembers): Uint8Array[] {
  const publicKey = ed25519PublicKey(jwk);
  const octets = jwk.decoded('d', ED25519_LENGTH);
  return privateKeyInfoParts(ED25519_ALGORITHM, tlvParts(TAG.octetString, [octets]), publicKey);
}

function readEc(jwk: JwkMembers): Uint8Array[] {
  const { algorithm, point, length } = ecPublicKey(jwk);
  const scalar = jwk.decoded('d', length);
  return privateKeyInfoParts(
    algorithm,
    tlvParts(TAG.sequence, [
      unsignedInteger(1),
      ...tlvParts(TAG.octetString, [scalar]),
      contextConstructed(1, bitString(point)),
    ]),
  );
}

/** In the order of RSAPrivateKey (RFC 8017 appendix A.1.2). */
export const RSA_MEMBERS = Object.freeze(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']);

/** RFC 7518 §6.3.2: only d is required; a key without the primes would have to be factored. */
function readRsa(jwk: JwkMembers): Uint8Array[] {
  if (jwk.has('oth')) throw unsupported('An RSA key with more than two primes is not supported');
  const numbers = RSA_MEMBERS.map((name) => jwk.decoded(name));
  return privateKeyInfoParts(
    RSA_ALGORITHM,
    tlvParts(TAG.sequence, [unsignedInteger(0), ...numbers.flatMap(integerParts)]),
  );
}
