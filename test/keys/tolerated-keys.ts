/** The forms of keys that are tolerated, as one table: what is given, what is noted, and the key as it is written. */

import { createPrivateKey, ECDH, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { encodeAlgorithmIdentifier as identifier } from '../../src/formats/algorithm-identifier.ts';
import type { Der } from '../../src/formats/der/header.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import type { ToleranceCode } from '../../src/formats/tolerances.ts';
import {
  bitsOf,
  contentsOf,
  ecPrivateKey,
  partsOf,
  pkcs8,
  pkcs8Of,
  scalarOf,
  spki,
  spkiOf,
  valueOf,
} from './key-parts.ts';

export interface ToleratedKey {
  readonly name: string;
  readonly given: Uint8Array;
  readonly codes: readonly ToleranceCode[];
  /** The error of a strict reading. */
  readonly strict: string;
  /** The same key as node:crypto has it. */
  readonly key: KeyObject;
}

export const RSA = '1.2.840.113549.1.1.1';
export const PSS = '1.2.840.113549.1.1.10';
export const EC = '1.2.840.10045.2.1';
export const ED25519 = '1.3.101.112';
export const ML_DSA_44 = '2.16.840.1.101.3.4.3.17';
const NULL = der.nullValue();

export const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
export const edKey = generateKeyPairSync('ed25519').privateKey;
export const mlDsaKey = generateKeyPairSync('ml-dsa-44').privateKey;
export const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const CURVES = [
  ['P-256', 'prime256v1', '1.2.840.10045.3.1.7'],
  ['P-384', 'secp384r1', '1.3.132.0.34'],
  ['P-521', 'secp521r1', '1.3.132.0.35'],
] as const;

const [[, , P256]] = CURVES;
export const ecAlgorithm = (oid: string = P256): Der => identifier(EC, der.objectIdentifier(oid));

export const pointForm = (
  point: Uint8Array,
  form: 'compressed' | 'hybrid',
  curve = 'prime256v1',
): Uint8Array =>
  new Uint8Array(Buffer.from(String(ECDH.convertKey(point, curve, undefined, 'hex', form)), 'hex'));

const points: ToleratedKey[] = CURVES.flatMap(([name, opensslName, oid]) =>
  (['compressed', 'hybrid'] as const).map((form) => {
    const key = generateKeyPairSync('ec', { namedCurve: name }).privateKey;
    return {
      name: `a ${form} point of ${name}`,
      given: spki(ecAlgorithm(oid), pointForm(bitsOf(key), form, opensslName)),
      codes: ['ec-point-form'],
      strict: 'invalid-public-key',
      key,
    };
  }),
);

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** RSASSA-PSS-params with SHA-256; `hash` is its AlgorithmIdentifier. */
export const pssParams = (hash: Uint8Array, ...more: readonly Uint8Array[]): Der =>
  der.sequence(
    der.contextConstructed(0, hash),
    der.contextConstructed(1, identifier('1.2.840.113549.1.1.8', checkDer(hash))),
    ...more,
  );

const number = (tag: number, value: number): Der => der.contextConstructed(tag, der.unsignedInteger(value));

const HASHES = { sha256: SHA256, sha384: '2.16.840.1.101.3.4.2.2', sha512: '2.16.840.1.101.3.4.2.3' };
export type HashName = keyof typeof HASHES;

/** The RSA key as OpenSSL has it for RSASSA-PSS with these parameters. */
export function pssKey(saltLength: number, hash: HashName = 'sha256'): KeyObject {
  const salt = saltLength === 20 ? [] : [number(2, saltLength)];
  const algorithm = identifier(PSS, pssParams(identifier(HASHES[hash], NULL), ...salt));
  const given = pkcs8(algorithm, valueOf(rsaKey));
  return createPrivateKey({ key: Buffer.from(given), format: 'der', type: 'pkcs8' });
}

const freePssKey = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
const saltyKey = pssKey(32);
const defaultKey = pssKey(20);
const pss: Pick<ToleratedKey, 'codes' | 'strict'> = { codes: ['pss-key'], strict: 'unsupported-algorithm' };
const parameters: Pick<ToleratedKey, 'codes' | 'strict'> = {
  codes: ['algorithm-parameters'],
  strict: 'unsupported-algorithm',
};

/** `given` is a SubjectPublicKeyInfo. */
export const PUBLIC_KEYS: readonly ToleratedKey[] = [
  { name: 'RSA without NULL', given: spki(identifier(RSA), bitsOf(rsaKey)), ...parameters, key: rsaKey },
  {
    name: 'Ed25519 with NULL',
    given: spki(identifier(ED25519, NULL), bitsOf(edKey)),
    ...parameters,
    key: edKey,
  },
  {
    name: 'ML-DSA-44 with NULL',
    given: spki(identifier(ML_DSA_44, NULL), bitsOf(mlDsaKey)),
    ...parameters,
    key: mlDsaKey,
  },
  ...points,
  { name: 'RSASSA-PSS without parameters', given: spkiOf(freePssKey), ...pss, key: freePssKey },
  { name: 'RSASSA-PSS with a salt of 32 octets', given: spkiOf(saltyKey), ...pss, key: saltyKey },
  { name: 'RSASSA-PSS with the default salt', given: spkiOf(defaultKey), ...pss, key: defaultKey },
  {
    name: 'RSASSA-PSS whose hash has no NULL',
    given: spki(identifier(PSS, pssParams(identifier(SHA256), number(2, 32))), bitsOf(saltyKey)),
    ...pss,
    key: saltyKey,
  },
  {
    name: 'RSASSA-PSS with its DEFAULT values',
    given: spki(
      identifier(PSS, pssParams(identifier(SHA256, NULL), number(2, 20), number(3, 1))),
      bitsOf(defaultKey),
    ),
    codes: ['pss-key', 'default-value', 'default-value'],
    strict: 'unsupported-algorithm',
    key: defaultKey,
  },
];

const implicit = (bits: Uint8Array): Der => der.contextPrimitive(1, der.concat([Uint8Array.of(0), bits]));
const explicit = (bits: Uint8Array): Der => der.contextConstructed(1, der.bitString(bits));
const version = (octets: Uint8Array, number: number): Uint8Array =>
  der.sequence(der.unsignedInteger(number), ...partsOf(octets).slice(1));

const ed = identifier(ED25519);
const edValue = valueOf(edKey);

/** A key whose private key begins with a zero octet. */
function keyWithLeadingZero(): KeyObject {
  for (;;) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    if (scalarOf(privateKey)[0] === 0) return privateKey;
  }
}

const shortKey = keyWithLeadingZero();
const namedCurve = der.contextConstructed(0, der.objectIdentifier(P256));
const scalar = scalarOf(ecKey);
const zero = Uint8Array.of(0);

const value: Pick<ToleratedKey, 'codes' | 'strict'> = {
  codes: ['private-key-value'],
  strict: 'invalid-private-key',
};
const versions: Pick<ToleratedKey, 'codes' | 'strict'> = {
  codes: ['private-key-version'],
  strict: 'invalid-private-key',
};
const compressed = pointForm(bitsOf(ecKey), 'compressed');

/** The expanded key and the seed of the ML-DSA key. */
const [seed, expandedKey] = partsOf(valueOf(mlDsaKey)).map(contentsOf) as [Uint8Array, Uint8Array];
const mlDsa = identifier(ML_DSA_44);

/** `given` is a OneAsymmetricKey. */
export const PRIVATE_KEYS: readonly ToleratedKey[] = [
  {
    name: 'the public key with an EXPLICIT tag',
    given: pkcs8(ed, edValue, explicit(bitsOf(edKey))),
    ...versions,
    key: edKey,
  },
  {
    name: 'version 0 with a public key',
    given: version(pkcs8(ed, edValue, implicit(bitsOf(edKey))), 0),
    ...versions,
    key: edKey,
  },
  { name: 'version 1 without one', given: version(pkcs8(ed, edValue), 1), ...versions, key: edKey },
  {
    name: 'RSA without NULL',
    given: pkcs8(identifier(RSA), valueOf(rsaKey)),
    ...parameters,
    key: rsaKey,
  },
  {
    name: 'Ed25519 with NULL',
    given: pkcs8(identifier(ED25519, NULL), edValue),
    ...parameters,
    key: edKey,
  },
  {
    name: 'ML-DSA-44 with NULL',
    given: pkcs8(identifier(ML_DSA_44, NULL), valueOf(mlDsaKey)),
    ...parameters,
    key: mlDsaKey,
  },
  { name: '32 octets of Ed25519', given: pkcs8(ed, edValue.subarray(2)), ...value, key: edKey },
  {
    name: 'EC without leading zeros',
    given: pkcs8(ecAlgorithm(), ecPrivateKey(scalarOf(shortKey).subarray(1))),
    ...value,
    key: shortKey,
  },
  {
    name: 'EC with a further zero',
    given: pkcs8(ecAlgorithm(), ecPrivateKey(der.concat([zero, scalar]))),
    ...value,
    key: ecKey,
  },
  {
    name: 'EC with the curve only inside',
    given: pkcs8(identifier(EC), ecPrivateKey(scalar, namedCurve)),
    codes: ['private-key-value'],
    strict: 'unsupported-algorithm',
    key: ecKey,
  },
  {
    name: 'EC with a compressed point inside',
    given: pkcs8(ecAlgorithm(), ecPrivateKey(scalar, explicit(compressed))),
    codes: ['ec-point-form'],
    strict: 'invalid-public-key',
    key: ecKey,
  },
  {
    name: 'EC with a compressed point beside it',
    given: pkcs8(ecAlgorithm(), ecPrivateKey(scalar), implicit(compressed)),
    codes: ['ec-point-form'],
    strict: 'invalid-private-key',
    key: ecKey,
  },
  { name: 'RSASSA-PSS without parameters', given: pkcs8Of(freePssKey), ...pss, key: freePssKey },
  { name: 'RSASSA-PSS with parameters', given: pkcs8Of(saltyKey), ...pss, key: saltyKey },
  { name: 'RSASSA-PSS with the default salt', given: pkcs8Of(defaultKey), ...pss, key: defaultKey },
  { name: 'an ML-DSA seed without a tag', given: pkcs8(mlDsa, seed), ...value, key: mlDsaKey },
  {
    name: 'an ML-DSA seed in an OCTET STRING',
    given: pkcs8(mlDsa, der.octetString(seed)),
    ...value,
    key: mlDsaKey,
  },
  {
    name: 'an expanded ML-DSA key without a tag',
    given: pkcs8(mlDsa, expandedKey),
    ...value,
    key: mlDsaKey,
  },
  {
    name: 'an expanded ML-DSA key with its public key after it',
    given: pkcs8(mlDsa, der.octetString(der.concat([expandedKey, bitsOf(mlDsaKey)]))),
    ...value,
    key: mlDsaKey,
  },
];

/** Keys for the cases that are refused. */
export const ML_DSA_PARTS = { algorithm: mlDsa, seed, expandedKey };
export const ED25519_PARTS = { algorithm: ed, value: edValue, explicit, implicit };
