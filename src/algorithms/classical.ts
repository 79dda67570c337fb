/** RSA, ECDSA and Ed25519, computed by node:crypto on libuv's thread pool. */

import { constants, generateKeyPair, type KeyObject } from 'node:crypto';
import { generatedKeys, sign, verify, type JobCallback, type KeyPair } from './async-crypto.ts';

export type Digest = 'sha256' | 'sha384' | 'sha512';

/** How a key is generated; `digest` belongs to its signatures, and is null for Ed25519 (RFC 8032 §5.1). */
export type ClassicalAlgorithm =
  | { readonly family: 'rsa'; readonly digest: Digest; readonly modulusLength: number }
  | { readonly family: 'ecdsa'; readonly digest: Digest; readonly namedCurve: string }
  | { readonly family: 'ed25519'; readonly digest: null };

/** The classical key pairs that can be generated; lengths in bits. */
export const CLASSICAL = Object.freeze({
  'rsa-2048': { family: 'rsa', digest: rsaDigest(2048), modulusLength: 2048 },
  'rsa-3072': { family: 'rsa', digest: rsaDigest(3072), modulusLength: 3072 },
  'rsa-4096': { family: 'rsa', digest: rsaDigest(4096), modulusLength: 4096 },
  'ecdsa-p256': { family: 'ecdsa', digest: 'sha256', namedCurve: 'P-256' },
  'ecdsa-p384': { family: 'ecdsa', digest: 'sha384', namedCurve: 'P-384' },
  'ecdsa-p521': { family: 'ecdsa', digest: 'sha512', namedCurve: 'P-521' },
  ed25519: { family: 'ed25519', digest: null },
}) satisfies Readonly<Record<string, ClassicalAlgorithm>>;

export type ClassicalName = keyof typeof CLASSICAL;

/** Returns a digest that is at least as strong as the modulus; its length is in bits (NIST SP 800-57 part 1, table 2). */
export function rsaDigest(modulusLength: number): Digest {
  return modulusLength <= 3072 ? 'sha256' : 'sha384';
}

export const CLASSICAL_NAMES = Object.freeze(Object.keys(CLASSICAL) as ClassicalName[]);

/** `padding` and `saltLength` (octets) apply to RSA only; the default padding is PKCS #1 v1.5. */
export interface SignatureScheme {
  readonly digest: Digest | null;
  readonly padding?: 'pkcs1' | 'pss' | undefined;
  readonly saltLength?: number | undefined;
}

/** Returns the private key. */
export async function generateClassicalKey(name: ClassicalName): Promise<KeyObject> {
  const algorithm: ClassicalAlgorithm = CLASSICAL[name];
  const [, privateKey] = await generatedKeys((done) => startGeneration(algorithm, done));
  return privateKey;
}

function startGeneration(algorithm: ClassicalAlgorithm, done: JobCallback<KeyPair>): void {
  switch (algorithm.family) {
    case 'rsa': {
      const { modulusLength } = algorithm;
      return generateKeyPair('rsa', { modulusLength, publicExponent: 65537 }, done);
    }
    case 'ecdsa': {
      const { namedCurve } = algorithm;
      return generateKeyPair('ec', { namedCurve, paramEncoding: 'named' }, done);
    }
    case 'ed25519':
      return generateKeyPair('ed25519', undefined, done);
  }
}

/** Returns an RSA signature, ECDSA as Ecdsa-Sig-Value, DER (RFC 5480 §2.2.3), or Ed25519. */
export async function signClassical(
  key: KeyObject,
  scheme: SignatureScheme,
  message: Uint8Array,
): Promise<Uint8Array> {
  if (!fits(key, scheme)) throw new TypeError('The scheme does not fit the key');
  return sign(scheme.digest, message, { key, ...optionsOf(scheme) });
}

/** Returns false for an invalid signature, and for a scheme that does not fit the key. */
export async function verifyClassical(
  key: KeyObject,
  scheme: SignatureScheme,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!fits(key, scheme)) return false;
  return verify(scheme.digest, message, { key, ...optionsOf(scheme) }, signature);
}

const optionsOf = ({ padding, saltLength }: SignatureScheme) => ({
  padding: padding === 'pss' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING,
  saltLength,
  dsaEncoding: 'der' as const,
});

/** Without this check node:crypto replaces a digest of null by the default digest of the key. */
function fits(key: KeyObject, { digest, padding }: SignatureScheme): boolean {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return digest !== null;
    case 'rsa-pss':
      return digest !== null && padding === 'pss';
    case 'ec':
      return digest !== null && padding === undefined;
    case 'ed25519':
      return digest === null && padding === undefined;
    default:
      return false;
  }
}
