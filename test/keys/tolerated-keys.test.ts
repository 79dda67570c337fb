/** Keys in the forms of `tolerated-keys.ts` are read, noted, and written as the standards require. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import t from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { encodeAlgorithmIdentifier as identifier } from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';
import { createKeys } from '../../src/keys/keys.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import { isCanonicalKey, isSameKey, readPublicKey } from '../../src/keys/public-key.ts';
import { flipBit, same } from '../algorithms/ml-dsa/octets.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import {
  bitsOf,
  EC,
  ecAlgorithm,
  ecKey,
  ecPrivateKey,
  ED25519_PARTS,
  ML_DSA_44,
  ML_DSA_PARTS,
  mlDsaKey,
  pkcs8,
  pkcs8Of,
  pointForm,
  PRIVATE_KEYS,
  PSS,
  pssKey,
  pssParams,
  PUBLIC_KEYS,
  RSA,
  rsaKey,
  scalarOf,
  spki,
  spkiOf,
  type HashName,
} from './tolerated-keys.ts';

const keys = createKeys(await createCryptography({ engine: 'auto' }));
t.teardown(() => keys.close());

const lenient = (): NotedReading => createReading({ isStrict: false });
const codesOf = ({ notes }: NotedReading): string[] => notes.map(({ code }) => code);

t.test('a public key in a tolerated form is noted, and has the encoding that is written', async (t) => {
  for (const { name, given, codes, strict, key } of PUBLIC_KEYS) {
    const octets = checkDer(given);
    t.throws(() => readPublicKey(octets), { name: 'PkiError', code: strict }, `${name}, strictly`);
    const reading = lenient();
    const read = readPublicKey(octets, reading);
    t.strictSame(codesOf(reading), codes, name);
    t.ok(same(read.spki, spkiOf(key)), `${name} is encoded as node:crypto encodes it`);
    t.ok(same(read.bits, bitsOf(key)), `${name}: the bits`);
    t.ok(isSameKey(read, octets, reading), `${name} is the same key`);
    t.ok(
      isCanonicalKey(read.spki) && isCanonicalKey(octets) === same(given, spkiOf(key)),
      `${name}, written`,
    );
  }
});

t.test('OpenSSL reads the same key from both encodings', { skip: opensslMissing }, async (t) => {
  const convert = async (file: Uint8Array): Promise<Buffer> => {
    const command = 'pkey -pubin -inform DER -in key -pubout -outform DER -ec_conv_form uncompressed';
    const { stdout, code, stderr } = await openssl(command.split(' '), { files: { key: file } });
    t.equal(code, 0, stderr);
    return stdout;
  };
  for (const { name, given } of PUBLIC_KEYS.filter(({ codes }) => codes[0] === 'ec-point-form'))
    t.ok(same(await convert(given), readPublicKey(checkDer(given), lenient()).spki), name);
});

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

const message = new TextEncoder().encode('to be signed');

/** The export of a key, in the form that keeps everything of it. */
const exported = (key: PrivateKey): Promise<Uint8Array> =>
  key.exportPkcs8('both').catch(() => key.exportPkcs8('expanded'));

t.test(
  'a private key in a tolerated form is noted, signs, and is exported as the standards require',
  async (t) => {
    for (const { name, given, codes, strict, key: expected } of PRIVATE_KEYS) {
      const octets = checkDer(new Uint8Array(given));
      await t.rejects(keys.importPrivateKey(octets), { name: 'PkiError', code: strict }, `${name}, strictly`);
      const reading = lenient();
      const key = await keys.importPrivateKey(octets, reading);
      t.strictSame(codesOf(reading), codes, name);
      t.ok(same(key.publicKey.spki, spkiOf(expected)), `${name} has its public key`);
      t.ok(same(octets, given), `${name}: the input is not changed`);
      const signature = await key.sign(message);
      t.ok(await keys.verify(key.publicKey, key.signatureAlgorithm, message, signature), `${name} signs`);
      const written = Buffer.from(await exported(key));
      const readBack = createPrivateKey({ key: written, format: 'der', type: 'pkcs8' });
      t.ok(readBack.equals(expected), `node:crypto reads the export of ${name}`);
      const again = lenient();
      await keys.importPrivateKey(checkDer(written), again);
      t.strictSame(
        codesOf(again),
        codes.filter((code) => code === 'pss-key'),
        `the export of ${name} has no fault`,
      );
      key.destroy();
    }
  },
);

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

t.test('a key for RSASSA-PSS signs as its parameters require', async (t) => {
  const sizes: [HashName, number][] = [
    ['sha256', 32],
    ['sha384', 48],
    ['sha512', 64],
  ];
  for (const [digest, length] of sizes)
    for (const salt of [20, length]) {
      const nodeKey = pssKey(salt, digest);
      const key = await keys.importPrivateKey(checkDer(pkcs8Of(nodeKey)), lenient());
      const signature = await key.sign(message);
      const publicKey = createPublicKey(nodeKey);
      t.ok(
        verify(digest, message, { key: publicKey, saltLength: salt }, signature),
        `${digest}, salt ${salt}`,
      );
    }
  for (const [modulusLength, digest, saltLength] of [
    [2048, 'sha256', 32],
    [4096, 'sha384', 48],
  ] as const) {
    const pair = generateKeyPairSync('rsa-pss', { modulusLength });
    const key = await keys.importPrivateKey(checkDer(pkcs8Of(pair.privateKey)), lenient());
    t.ok(
      verify(digest, message, { key: pair.publicKey, saltLength }, await key.sign(message)),
      `${modulusLength}`,
    );
  }
});
