/** Keys that no reading accepts. */

import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import t from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { encodeAlgorithmIdentifier as identifier } from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { isCanonicalKey, readPublicKey } from '../../src/keys/public-key.ts';
import { PkiError } from '../../src/base/errors.ts';
import { decodePrivateKey } from '../../routes/wire/decode.ts';
import { flipBit } from '../algorithms/ml-dsa/octets.ts';
import { bitsOf, ecPrivateKey, pkcs8, scalarOf, spki, spkiOf } from './key-parts.ts';
import {
  EC,
  ecAlgorithm,
  ecKey,
  ED25519_PARTS,
  ML_DSA_44,
  ML_DSA_PARTS,
  mlDsaKey,
  pointForm,
  PRIVATE_KEYS,
  PSS,
  pssParams,
  PUBLIC_KEYS,
  RSA,
  rsaKey,
} from './tolerated-keys.ts';

/** Of each property; 60,000 by hand took two minutes. */
const RUNS = 500;

const keys = createKeys(await createCryptography({ engine: 'auto' }));
t.teardown(() => keys.close());

const lenient = (): NotedReading => createReading({ isStrict: false });

const FIELD_PRIME = Buffer.from('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff', 'hex');

/** A compressed point whose x is not that of a point on P-256: every second number is none. */
function pointOffTheCurve(): Uint8Array {
  for (let x = 1; ; x += 1) {
    const point = der.concat([Uint8Array.of(2), new Uint8Array(31), Uint8Array.of(x)]);
    try {
      pointForm(point, 'hybrid');
    } catch {
      return point;
    }
  }
}

t.test('a public key that is ambiguous or invalid is refused in every reading', async (t) => {
  const hybrid = pointForm(bitsOf(ecKey), 'hybrid');
  const explicitKey = generateKeyPairSync('ec', { namedCurve: 'P-384', paramEncoding: 'explicit' }).publicKey;
  const hash = identifier('2.16.840.1.101.3.4.2.1', der.nullValue());
  const salt = (length: number): Uint8Array => der.contextConstructed(2, der.unsignedInteger(length));
  const pss = (parameters: Uint8Array): Uint8Array =>
    spki(identifier(PSS, checkDer(parameters)), bitsOf(rsaKey));
  const cases: [string, Uint8Array, string, RegExp][] = [
    ['no such point', spki(ecAlgorithm(), pointOffTheCurve()), 'invalid-public-key', /not a valid P-256 key/],
    [
      'x beyond the field',
      spki(ecAlgorithm(), der.concat([Uint8Array.of(2), FIELD_PRIME])),
      'invalid-public-key',
      /not a valid P-256 key/,
    ],
    [
      'a hybrid point with the other parity',
      spki(ecAlgorithm(), flipBit(hybrid, 0)),
      'invalid-public-key',
      /not a valid P-256 key/,
    ],
    [
      'a compressed point of another length',
      spki(ecAlgorithm(), pointForm(bitsOf(ecKey), 'compressed').subarray(0, 32)),
      'invalid-public-key',
      /uncompressed point/,
    ],
    ['infinity', spki(ecAlgorithm(), Uint8Array.of(0)), 'invalid-public-key', /uncompressed point/],
    [
      'a curve that is written out',
      spkiOf(explicitKey),
      'unsupported-algorithm',
      /name its curve; this one writes out a curve with the order of P-384. Convert it with "openssl pkey/,
    ],
    ['EC without a curve', spki(identifier(EC), bitsOf(ecKey)), 'unsupported-algorithm', /name its curve/],
    [
      'RSA with other parameters',
      spki(identifier(RSA, der.sequence()), bitsOf(rsaKey)),
      'unsupported-algorithm',
      /must be NULL/,
    ],
    [
      'ML-DSA with a context',
      spki(identifier(ML_DSA_44, der.octetString(der.nullValue())), bitsOf(mlDsaKey)),
      'unsupported-algorithm',
      /must be absent/,
    ],
    ['PSS with SHA-1', pss(der.sequence()), 'unsupported-algorithm', /SHA-1/],
    ['PSS with NULL', pss(der.nullValue()), 'invalid-der', /must be a SEQUENCE/],
    [
      'PSS with a salt that does not fit',
      pss(pssParams(hash, salt(223))),
      'invalid-public-key',
      /at most 222 octets/,
    ],
  ];
  for (const [name, given, code, message] of cases)
    t.throws(() => readPublicKey(checkDer(given), lenient()), { name: 'PkiError', code, message }, name);
  t.equal(readPublicKey(checkDer(pss(pssParams(hash, salt(222)))), lenient()).algorithm, 'rsassa-pss-2048');
});

t.test('a private key that is ambiguous or inconsistent is refused in every reading', async (t) => {
  const { algorithm, value, explicit, implicit } = ED25519_PARTS;
  const { algorithm: mlDsa, seed, expandedKey } = ML_DSA_PARTS;
  const otherEd = bitsOf(generateKeyPairSync('ed25519').privateKey);
  const otherEc = pointForm(
    bitsOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    'compressed',
  );
  const scalar = scalarOf(ecKey);
  const p384 = der.contextConstructed(0, der.objectIdentifier('1.3.132.0.34'));
  const cases: [string, Uint8Array, RegExp, string?][] = [
    [
      'another public key, EXPLICIT',
      pkcs8(algorithm, value, explicit(otherEd)),
      /must be that of the private key/,
    ],
    [
      'a compressed point of another key',
      pkcs8(ecAlgorithm(), ecPrivateKey(scalar), implicit(otherEc)),
      /must be that/,
    ],
    ['the same inside', pkcs8(ecAlgorithm(), ecPrivateKey(scalar, explicit(otherEc))), /to its private half/],
    ['31 octets of Ed25519', pkcs8(algorithm, value.subarray(3)), /OCTET STRING of 32 octets/],
    [
      '64 octets of Ed25519',
      pkcs8(algorithm, der.concat([value.subarray(2), otherEd])),
      /OCTET STRING of 32/,
    ],
    ['EC without a number', pkcs8(ecAlgorithm(), ecPrivateKey(new Uint8Array())), /must have 32 octets/],
    ['EC of zeros', pkcs8(ecAlgorithm(), ecPrivateKey(new Uint8Array(31))), /must be between 0/],
    [
      'EC of 33 octets',
      pkcs8(ecAlgorithm(), ecPrivateKey(new Uint8Array(33).fill(1))),
      /must have 32 octets/,
    ],
    ['another curve inside', pkcs8(ecAlgorithm(), ecPrivateKey(scalar, p384)), /parameters must name P-256/],
    ['no curve', pkcs8(identifier(EC), ecPrivateKey(scalar)), /name its curve/, 'unsupported-algorithm'],
    [
      'an expanded key and another public key',
      pkcs8(mlDsa, der.octetString(der.concat([expandedKey, flipBit(bitsOf(mlDsaKey), 9)]))),
      /must be that of the private key/,
    ],
    [
      'a changed expanded key without a tag',
      pkcs8(mlDsa, flipBit(expandedKey, 700)),
      /tr is not|t0 does not|ML-DSA/,
    ],
    ['a seed and its expansion without tags', pkcs8(mlDsa, der.concat([seed, expandedKey])), /not valid DER/],
    [
      'a seed with an EXPLICIT tag',
      pkcs8(mlDsa, der.contextConstructed(0, der.octetString(seed))),
      /EXPLICIT tag/,
    ],
    ['31 octets of a seed', pkcs8(mlDsa, der.octetString(seed.subarray(1))), /must have 2560 octets/],
    ['version 2', der.sequence(der.unsignedInteger(2), algorithm, der.octetString(value)), /must be 0 or 1/],
    [
      'the same number in Ed25519 and X25519',
      pkcs8(identifier('1.3.101.110'), value),
      /X25519/,
      'unsupported-algorithm',
    ],
  ];
  for (const [name, given, words, code = 'invalid-private-key'] of cases)
    await t.rejects(
      keys.importPrivateKey(checkDer(given), lenient()),
      { name: 'PkiError', code, message: words },
      name,
    );
});

t.test('keys before PKCS #8 that name no curve, or are not RSA or EC, are refused', async (t) => {
  const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
  const pem = (label: string, key: Uint8Array): string =>
    `-----BEGIN ${label}-----\n${Buffer.from(key).toString('base64')}\n-----END ${label}-----\n`;
  const cases: [string, string, RegExp][] = [
    [
      'SEC 1 without a curve',
      pem('EC PRIVATE KEY', ecPrivateKey(scalarOf(ecKey))),
      /^ECPrivateKey.parameters is missing$/,
    ],
    [
      'PKCS #1 of an RSA public key',
      pem('RSA PRIVATE KEY', bitsOf(rsaKey)),
      /^Expected PRIVATE KEY, got RSA PUBLIC KEY$/,
    ],
    ['DSA', dsa.export({ format: 'pem', type: 'pkcs8' }).toString(), /DSA/],
  ];
  for (const [name, text, message] of cases)
    await t.rejects(
      decodePrivateKey(keys, 'key', new Uint8Array(Buffer.from(text)), lenient()),
      { name: 'PkiError', message, path: ['key'] },
      name,
    );
});

t.test(
  'a changed octet makes a PkiError, or another key that is written as the standards require',
  async (t) => {
    const index = fc.nat();
    const octet = fc.nat(255);
    const change = (octets: Uint8Array, at: number, value: number): Uint8Array =>
      octets.map((old, i) => (i === at % Math.min(octets.length, 100) ? value : old));
    const read = async (task: () => Promise<boolean>): Promise<boolean> =>
      task().catch((error: unknown) => error instanceof PkiError);
    const publicKey = fc.asyncProperty(fc.constantFrom(...PUBLIC_KEYS), index, octet, (row, at, value) =>
      read(async () => isCanonicalKey(readPublicKey(checkDer(change(row.given, at, value)), lenient()).spki)),
    );
    const privateKey = fc.asyncProperty(fc.constantFrom(...PRIVATE_KEYS), index, octet, (row, at, value) =>
      read(async () => {
        const key = await keys.importPrivateKey(checkDer(change(row.given, at, value)), lenient());
        return isCanonicalKey(key.publicKey.spki);
      }),
    );
    await t.resolves(fc.assert(publicKey, { numRuns: RUNS }));
    await t.resolves(fc.assert(privateKey, { numRuns: RUNS }));
  },
);
