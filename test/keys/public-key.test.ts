import { ECDH, generateKeyPairSync, type KeyObject } from 'node:crypto';
import t, { type Test } from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { mlDsaPublicKey } from '../../src/keys/ml-dsa-signing-key.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from '../formats/rfc9881.ts';

const spkiOf = (publicKey: KeyObject): Uint8Array =>
  new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));

const rsaOf = (modulusLength: number): Uint8Array =>
  spkiOf(generateKeyPairSync('rsa', { modulusLength }).publicKey);
const ecOf = (namedCurve: string): Uint8Array => spkiOf(generateKeyPairSync('ec', { namedCurve }).publicKey);

t.test('public keys of node:crypto are decoded', async (t) => {
  const cases: [string, string, Uint8Array][] = [
    ['rsa-2048', 'rsa', rsaOf(2048)],
    ['rsa-2056', 'rsa', rsaOf(2056)],
    ['rsa-3072', 'rsa', rsaOf(3072)],
    ['ecdsa-p256', 'ecdsa', ecOf('P-256')],
    ['ecdsa-p384', 'ecdsa', ecOf('P-384')],
    ['ecdsa-p521', 'ecdsa', ecOf('P-521')],
    ['ed25519', 'ed25519', spkiOf(generateKeyPairSync('ed25519').publicKey)],
    ['ml-dsa-44', 'ml-dsa', spkiOf(generateKeyPairSync('ml-dsa-44').publicKey)],
    ['ml-dsa-65', 'ml-dsa', spkiOf(generateKeyPairSync('ml-dsa-65').publicKey)],
    ['ml-dsa-87', 'ml-dsa', spkiOf(generateKeyPairSync('ml-dsa-87').publicKey)],
  ];
  for (const [algorithm, family, spki] of cases) {
    const key = readPublicKey(checkDer(spki));
    t.match(key, { algorithm, family }, algorithm);
    t.ok(same(key.spki, spki));
    t.ok(same(key.bits, spki.subarray(-key.bits.length)), 'the bits are the last octets');
  }
});

t.test('an ML-DSA key is built around pk', async (t) => {
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const read = readPublicKey(checkDer(rfc9881(`${parameterSet.toUpperCase()}.pub`)));
    t.strictSame(mlDsaPublicKey(parameterSet, read.bits), read, parameterSet);
  }
});

const spki = (algorithm: Uint8Array, bits: Uint8Array): Uint8Array =>
  der.sequence(algorithm, der.bitString(bits));

const refuses = (cases: readonly [string, Uint8Array, RegExp, string?][]) => async (t: Test) => {
  for (const [name, key, message, code = 'invalid-public-key'] of cases)
    t.throws(() => readPublicKey(checkDer(key)), { code, message }, name);
};

const pk = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const mlDsa44 = ML_DSA_ALGORITHM['ml-dsa-44'];

t.test(
  'an invalid ML-DSA public key is refused',
  refuses([
    [
      'of another parameter set',
      spki(mlDsa44, pk(1952)),
      /^An ML-DSA-44 public key must have 1312 octets, got 1952$/,
    ],
    ['truncated', spki(mlDsa44, pk(1311)), /must have 1312 octets, got 1311/],
    ['empty', spki(mlDsa44, pk(0)), /must have 1312 octets, got 0/],
    ['in an OCTET STRING', spki(mlDsa44, der.octetString(pk(1312))), /must have 1312 octets, got 1316/],
    [
      'with NULL',
      spki(encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.17', der.nullValue()), pk(1312)),
      /parameters .* must be absent/,
      'unsupported-algorithm',
    ],
    [
      'HashML-DSA',
      spki(encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.32'), pk(1312)),
      /HashML-DSA-44/,
      'unsupported-algorithm',
    ],
  ]),
);

const RSA = encodeAlgorithmIdentifier('1.2.840.113549.1.1.1', der.nullValue());

/** Returns an odd modulus of `bits` bits. */
function modulus(bits: number): Uint8Array {
  const octets = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  octets[0] = 0xff >> (octets.length * 8 - bits);
  return octets;
}

const rsa = (n: Uint8Array, e: Uint8Array = Uint8Array.of(1, 0, 1), ...more: Uint8Array[]): Uint8Array =>
  spki(RSA, der.sequence(der.unsignedInteger(n), der.unsignedInteger(e), ...more));

t.test('RSA keys at the limits are accepted', async (t) => {
  t.equal(readPublicKey(checkDer(rsa(modulus(2048)))).algorithm, 'rsa-2048');
  t.equal(readPublicKey(checkDer(rsa(modulus(2049)))).algorithm, 'rsa-2049');
  t.equal(readPublicKey(checkDer(rsa(modulus(8192)))).algorithm, 'rsa-8192');
  t.equal(readPublicKey(checkDer(rsa(modulus(2048), Uint8Array.of(3)))).algorithm, 'rsa-2048');
  t.equal(readPublicKey(checkDer(rsa(modulus(2048), modulus(64)))).algorithm, 'rsa-2048');
});

t.test(
  'RSA keys beyond the limits are refused',
  refuses([
    ['a modulus of 2047 bits', rsa(modulus(2047)), /odd and have 2048 to 8192 bits/],
    ['a modulus of 1024 bits', rsaOf(1024), /odd and have 2048 to 8192 bits/],
    ['a modulus of 8193 bits', rsa(modulus(8193)), /odd and have 2048 to 8192 bits/],
    ['an even modulus', rsa(modulus(2048).fill(0xfe, 255)), /odd and have/],
    [
      'a negative modulus',
      spki(RSA, der.sequence(der.tlv(2, modulus(2048).fill(0xaf, 0, 1)), der.unsignedInteger(3))),
      /odd and have/,
    ],
    ['the exponent 1', rsa(modulus(2048), Uint8Array.of(1)), /odd, at least 3/],
    ['the exponent 0', rsa(modulus(2048), Uint8Array.of(0)), /odd, at least 3/],
    ['an even exponent', rsa(modulus(2048), Uint8Array.of(4)), /odd, at least 3/],
    ['an exponent of 65 bits', rsa(modulus(2048), modulus(65)), /at most 64 bits/],
    [
      'an extra number',
      rsa(modulus(2048), Uint8Array.of(3), der.nullValue()),
      /RSAPublicKey has an unexpected member after the last one/,
    ],
    ['bits that are not an RSAPublicKey are refused', spki(RSA, pk(256)), /not valid DER/, 'invalid-der'],
  ]),
);

const P256 = encodeAlgorithmIdentifier('1.2.840.10045.2.1', der.objectIdentifier('1.2.840.10045.3.1.7'));
const point = readPublicKey(checkDer(ecOf('P-256'))).bits;
const form = (name: 'compressed' | 'hybrid'): Uint8Array => {
  const converted = ECDH.convertKey(point, 'prime256v1', undefined, undefined, name);
  return Buffer.isBuffer(converted) ? converted : Buffer.from(converted, 'latin1');
};

t.test(
  'an invalid EC or Ed25519 public key is refused',
  refuses([
    ['a compressed point', spki(P256, form('compressed')), /uncompressed point/],
    ['a hybrid point', spki(P256, form('hybrid')), /uncompressed point/],
    ['the point at infinity', spki(P256, Uint8Array.of(0)), /uncompressed point/],
    ['no point', spki(P256, new Uint8Array()), /uncompressed point/],
    [
      'a point off the curve',
      spki(
        P256,
        point.map((octet, i) => (i === 64 ? octet ^ 1 : octet)),
      ),
      /^The public key is not a valid P-256 key$/,
    ],
    [
      'a coordinate beyond the field',
      spki(P256, Uint8Array.of(4, ...modulus(256), ...modulus(256))),
      /^The public key is not a valid P-256 key$/,
    ],
    [
      'a point of P-384',
      spki(P256, readPublicKey(checkDer(ecOf('P-384'))).bits),
      /A P-256 public key must have 65 octets, got 97/,
    ],
    [
      'explicit curve parameters',
      spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).publicKey),
      /name its curve/,
      'unsupported-algorithm',
    ],
    ['secp256k1', ecOf('secp256k1'), /secp256k1/, 'unsupported-algorithm'],
    [
      '31 octets of Ed25519',
      spki(encodeAlgorithmIdentifier('1.3.101.112'), pk(31)),
      /An Ed25519 public key must have 32 octets, got 31/,
    ],
    [
      '33 octets of Ed25519',
      spki(encodeAlgorithmIdentifier('1.3.101.112'), pk(33)),
      /must have 32 octets, got 33/,
    ],
  ]),
);

t.test(
  'the error for a key of another algorithm names the algorithm',
  refuses([
    ['Ed448', spkiOf(generateKeyPairSync('ed448').publicKey), /Keys of Ed448/, 'unsupported-algorithm'],
    ['X25519', spkiOf(generateKeyPairSync('x25519').publicKey), /Keys of X25519/, 'unsupported-algorithm'],
    [
      'RSASSA-PSS',
      spkiOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey),
      /Keys of RSASSA-PSS/,
      'unsupported-algorithm',
    ],
  ]),
);
