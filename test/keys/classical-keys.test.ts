import { createPrivateKey, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import t, { type Test } from 'tap';
import { expectKind } from '../../src/formats/identify.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { CLASSICAL, CLASSICAL_NAMES } from '../../src/algorithms/classical.ts';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { membersOf, elementOf, type DerElement } from '../../src/formats/der/reader.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { flipBit, same } from '../algorithms/ml-dsa/octets.ts';

const message = new TextEncoder().encode('to be signed');
const keys = createKeys(await createCryptography({ engine: 'auto' }));
t.teardown(() => keys.close());

const spkiOf = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
const pkcs8Of = (privateKey: KeyObject): Uint8Array =>
  new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
const readBack = (pkcs8: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** The algorithm of the signatures of each key. */
const SIGNATURE_ALGORITHMS: Record<string, string> = {
  'rsa-2048': '300d06092a864886f70d01010b0500',
  'rsa-3072': '300d06092a864886f70d01010b0500',
  'rsa-4096': '300d06092a864886f70d01010c0500',
  'ecdsa-p256': '300a06082a8648ce3d040302',
  'ecdsa-p384': '300a06082a8648ce3d040303',
  'ecdsa-p521': '300a06082a8648ce3d040304',
  ed25519: '300506032b6570',
};

t.test('generated keys sign, and are exported and imported', async (t) => {
  for (const name of CLASSICAL_NAMES) {
    const key = await keys.generate(name);
    t.equal(key.publicKey.algorithm, name);
    t.equal(hex(key.signatureAlgorithm), SIGNATURE_ALGORITHMS[name]);
    const pkcs8 = await key.exportPkcs8();
    t.ok(same(spkiOf(readBack(pkcs8)), key.publicKey.spki), 'node:crypto reads the same key');
    const publicKey = createPublicKey({ key: Buffer.from(key.publicKey.spki), format: 'der', type: 'spki' });
    t.ok(verify(CLASSICAL[name].digest, message, publicKey, await key.sign(message)), `${name} signs`);
    const read = await keys.importPrivateKey(checkDer(pkcs8));
    t.strictSame(read.publicKey, key.publicKey);
    t.ok(await keys.verify(key.publicKey, read.signatureAlgorithm, message, await read.sign(message)));
    key.destroy();
    await t.rejects(key.sign(message), /destroyed/);
    await t.rejects(key.exportPkcs8(), /destroyed/);
  }
});

t.test('an RSA key of another size signs with the digest of its strength', async (t) => {
  for (const [modulusLength, name] of [
    [2304, 'rsa-3072'],
    [3200, 'rsa-4096'],
  ] as const) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
    const key = await keys.importPrivateKey(checkDer(pkcs8Of(privateKey)));
    t.equal(key.publicKey.algorithm, `rsa-${modulusLength}`);
    t.equal(hex(key.signatureAlgorithm), SIGNATURE_ALGORITHMS[name]);
    t.ok(await keys.verify(key.publicKey, key.signatureAlgorithm, message, await key.sign(message)));
  }
});

/** The AlgorithmIdentifier, and the members of the structure inside privateKey. */
function dissect(privateKey: KeyObject): { algorithm: Uint8Array; inner: DerElement[] } {
  const [, algorithm, octets] = membersOf(elementOf(checkDer(pkcs8Of(privateKey))));
  if (algorithm === undefined || octets === undefined) throw new Error('This is not PKCS #8');
  return { algorithm: algorithm.encoding, inner: [...membersOf(elementOf(checkDer(octets.contents)))] };
}

const pkcs8 = (algorithm: Uint8Array, ...privateKey: Uint8Array[]): Uint8Array =>
  der.sequence(der.unsignedInteger(0), algorithm, der.octetString(der.sequence(...privateKey)));

/** Returns the encodings of `elements`, with a replacement at `index`. */
const replaced = (elements: readonly DerElement[], index: number, encoding: Uint8Array): Uint8Array[] =>
  elements.map((element, i) => (i === index ? encoding : element.encoding));

/** Imports a key as the routes do. */
const importDer = async (octets: Uint8Array) => keys.importPrivateKey(expectKind(octets, 'PRIVATE KEY'));

const refuses = (cases: readonly [string, Uint8Array, RegExp, string?][]) => async (t: Test) => {
  for (const [name, octets, message, code = 'invalid-private-key'] of cases)
    await t.rejects(importDer(octets), { code, message }, name);
};

const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const rsa = dissect(rsaKey);
const otherRsa = dissect(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).inner;
const number = (octets: Uint8Array): Uint8Array => der.unsignedInteger(octets);
const otherModulus = otherRsa[1]?.encoding ?? new Uint8Array();

t.test(
  'an invalid RSA private key is refused',
  refuses([
    [
      'the modulus of another key',
      pkcs8(rsa.algorithm, ...replaced(rsa.inner, 1, otherModulus)),
      /must belong to its private half/,
    ],
    [
      'more than two primes',
      pkcs8(rsa.algorithm, ...replaced(rsa.inner, 0, number(Uint8Array.of(1)))),
      /RSAPrivateKey.version must be 0/,
    ],
    [
      'a negative prime',
      pkcs8(rsa.algorithm, ...replaced(rsa.inner, 4, Uint8Array.of(2, 1, 0x80))),
      /prime1 must be positive/,
    ],
    [
      'an endless exponent',
      pkcs8(rsa.algorithm, ...replaced(rsa.inner, 3, number(new Uint8Array(5000).fill(1)))),
      /privateExponent must be positive and no longer/,
    ],
    [
      'a modulus of 8200 bits',
      pkcs8(rsa.algorithm, ...replaced(rsa.inner, 1, number(new Uint8Array(1025).fill(0xff)))),
      /at most 8192 bits/,
    ],
    [
      'an extra number',
      pkcs8(rsa.algorithm, ...rsa.inner.map(({ encoding }) => encoding), der.sequence()),
      /unexpected member/,
    ],
    [
      'a missing number',
      pkcs8(rsa.algorithm, ...rsa.inner.slice(0, 8).map(({ encoding }) => encoding)),
      /coefficient is missing/,
    ],
    [
      '1024 bits',
      pkcs8Of(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
      /2048 to 8192 bits/,
      'invalid-public-key',
    ],
    [
      'RSASSA-PSS',
      pkcs8Of(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
      /Keys of RSASSA-PSS/,
      'unsupported-algorithm',
    ],
    [
      'PKCS #1',
      rsaKey.export({ format: 'der', type: 'pkcs1' }),
      /^Expected PRIVATE KEY, got RSA PRIVATE KEY/,
      'invalid-encoding',
    ],
  ]),
);

const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ec = dissect(ecKey);
const otherEc = dissect(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).inner;
const [ecVersion = new Uint8Array(), scalar = new Uint8Array(), point = new Uint8Array()] = ec.inner.map(
  ({ encoding }) => encoding,
);
const namedCurve = (oid: string): Uint8Array => der.contextConstructed(0, der.objectIdentifier(oid));

t.test('EC private keys are imported with or without their optional members', async (t) => {
  const forms: Record<string, Uint8Array> = {
    'with the public key': pkcs8(ec.algorithm, ecVersion, scalar, point),
    'without it': pkcs8(ec.algorithm, ecVersion, scalar),
    'with the curve once more': pkcs8(
      ec.algorithm,
      ecVersion,
      scalar,
      namedCurve('1.2.840.10045.3.1.7'),
      point,
    ),
  };
  for (const [name, octets] of Object.entries(forms))
    t.ok(same((await keys.importPrivateKey(checkDer(octets))).publicKey.spki, spkiOf(ecKey)), name);
});

t.test(
  'an invalid EC private key is refused',
  refuses([
    [
      'the public key of another',
      pkcs8(ec.algorithm, ecVersion, scalar, otherEc[2]?.encoding ?? new Uint8Array()),
      /must belong to its private half/,
    ],
    [
      'version 2',
      pkcs8(ec.algorithm, number(Uint8Array.of(2)), scalar, point),
      /ECPrivateKey.version must be 1/,
    ],
    [
      'a short scalar',
      pkcs8(ec.algorithm, ecVersion, der.octetString(new Uint8Array(31).fill(1))),
      /must have 32 octets for P-256/,
    ],
    [
      'the scalar zero',
      pkcs8(ec.algorithm, ecVersion, der.octetString(new Uint8Array(32))),
      /must be between 0 and the order of P-256/,
    ],
    [
      'a scalar beyond the order',
      pkcs8(ec.algorithm, ecVersion, der.octetString(new Uint8Array(32).fill(0xff))),
      /must be between 0 and the order of P-256/,
    ],
    [
      'another curve inside',
      pkcs8(ec.algorithm, ecVersion, scalar, namedCurve('1.3.132.0.34')),
      /parameters must name P-256/,
    ],
    ['an extra member', pkcs8(ec.algorithm, ecVersion, scalar, point, der.nullValue()), /unexpected member/],
    [
      'secp256k1',
      pkcs8Of(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey),
      /secp256k1/,
      'unsupported-algorithm',
    ],
    ['SEC 1', ecKey.export({ format: 'der', type: 'sec1' }), /got EC PRIVATE KEY/, 'invalid-encoding'],
    [
      'encrypted',
      ecKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'x' }),
      /is encrypted/,
      'encrypted-private-key',
    ],
  ]),
);

const edKey = generateKeyPairSync('ed25519').privateKey;
const edAlgorithm = encodeAlgorithmIdentifier('1.3.101.112');
const edPublic = new Uint8Array(spkiOf(edKey).subarray(-32));
const edSeed = pkcs8Of(edKey).subarray(-32);
const ed = (version: number, inner: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
  der.sequence(der.unsignedInteger(version), edAlgorithm, der.octetString(inner), ...more);
const beside = (publicKey: Uint8Array): Uint8Array =>
  der.contextPrimitive(1, der.concat([Uint8Array.of(0), publicKey]));

t.test('an Ed25519 private key is imported, and an invalid one is refused', async (t) => {
  for (const octets of [ed(0, der.octetString(edSeed)), ed(1, der.octetString(edSeed), beside(edPublic))])
    t.ok(same((await keys.importPrivateKey(checkDer(octets))).publicKey.bits, edPublic));
  await refuses([
    [
      'the public key of another key',
      ed(1, der.octetString(edSeed), beside(flipBit(edPublic, 0))),
      /The public key in the OneAsymmetricKey must be that of the private key/,
    ],
    ['raw octets', ed(0, edSeed), /OCTET STRING of 32 octets/],
    ['33 octets', ed(0, der.octetString(new Uint8Array(33))), /OCTET STRING of 32 octets/],
    ['X25519', pkcs8Of(generateKeyPairSync('x25519').privateKey), /Keys of X25519/, 'unsupported-algorithm'],
  ])(t);
});
