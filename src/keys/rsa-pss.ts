/**
 * RSA keys with the OID of RSASSA-PSS. Parameters in the AlgorithmIdentifier limit the signatures of the key; without
 * them every hash and salt is allowed (RFC 4055 §1.2, §3.1).
 */

import type { Digest, SignatureScheme } from '../algorithms/classical.ts';
import { unsupported, type AlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { describeOid, signatureAlgorithmOid } from '../formats/oids.ts';
import { encodePssParameters, readPssParameters, type PssParameters } from '../formats/pss-parameters.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { encodePssAlgorithm } from '../formats/signature-algorithm.ts';
import type { SubjectPublicKey } from './family.ts';
import type { PublicKey } from './key.ts';
import { encodedAs, invalidPublicKey } from './public-key-checks.ts';
import { modulusLength } from './rsa-modulus.ts';

export const PSS_KEY_OID = signatureAlgorithmOid['RSASSA-PSS'];

/** In octets. */
const DIGEST_LENGTH: Readonly<Record<Digest, number>> = Object.freeze({ sha256: 32, sha384: 48, sha512: 64 });

/** Returns the AlgorithmIdentifier as it is written, and the restriction in it. Throws PkiError. */
export function readPssKeyAlgorithm(
  { oid, parameters }: AlgorithmIdentifier,
  reading: Reading = STRICT,
): { readonly algorithm: AlgorithmIdentifier; readonly pss: PssParameters | 'any' } {
  reading.tolerate(
    'pss-key',
    unsupported(`Keys of ${describeOid(oid)} are not allowed; an RSA key must have the OID of rsaEncryption`),
  );
  if (parameters === undefined) return { algorithm: { oid, parameters }, pss: 'any' };
  const pss = readPssParameters(parameters, reading);
  return { algorithm: { oid, parameters: encodePssParameters(pss) }, pss };
}

/** Throws PkiError. */
export function readPssPublicKey(key: SubjectPublicKey, reading?: Reading): PublicKey {
  const { algorithm, pss } = readPssKeyAlgorithm(key.algorithm, reading);
  const length = modulusLength(key.bits);
  if (pss !== 'any') requireRoomForSalt(pss, length);
  return { family: 'rsa', algorithm: `rsassa-pss-${length}`, pss, ...encodedAs(key, algorithm, key.bits) };
}

/** RFC 8017 §9.1.1: emLen ≥ hLen + sLen + 2, with emLen for one bit less than the modulus. */
function requireRoomForSalt({ digest, saltLength }: PssParameters, modulusBits: number): void {
  const longest = Math.ceil((modulusBits - 1) / 8) - DIGEST_LENGTH[digest] - 2;
  if (saltLength > longest)
    throw invalidPublicKey(`The salt of the RSASSA-PSS key must have at most ${longest} octets`);
}

/** Whether a signature of `scheme` is allowed for the key. RFC 4055 §3.3: the salt length of the key is a minimum. */
export function permitsScheme({ pss }: PublicKey, { digest, padding, saltLength }: SignatureScheme): boolean {
  if (pss === undefined) return true;
  if (padding !== 'pss') return false;
  return pss === 'any' || (digest === pss.digest && (saltLength ?? 0) >= pss.saltLength);
}

/** Returns how a key signs: with its own parameters, or with `digest` and a salt of the same length. */
export function pssSignatureOf(
  pss: PssParameters | 'any',
  digest: Digest,
): { readonly scheme: SignatureScheme; readonly algorithm: Der } {
  const parameters = pss === 'any' ? { digest, saltLength: DIGEST_LENGTH[digest] } : pss;
  return { scheme: { padding: 'pss', ...parameters }, algorithm: encodePssAlgorithm(parameters) };
}
