import t from 'tap';
import { expectKind } from '../../src/formats/identify.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { ML_DSA, ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { readPrivateKeyInfo } from '../../src/formats/private-key-info.ts';
import { encodeMlDsaPublicKey, readSubjectPublicKeyInfo } from '../../src/formats/subject-public-key-info.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from './rfc9881.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);
const raw = (length: number): Uint8Array => new Uint8Array(length).fill(0x55);

t.test('the public keys of RFC 9881 appendix C.2 are decoded, and encoded to the same octets', async (t) => {
  for (const [index, parameterSet] of ML_DSA_PARAMETER_SETS.entries()) {
    const octets = rfc9881(`${parameterSet.toUpperCase()}.pub`);
    t.equal(octets.length, [1334, 1974, 2614][index]);
    const { algorithm, bits } = readSubjectPublicKeyInfo(checkDer(octets));
    t.ok(same(algorithm, ML_DSA_ALGORITHM[parameterSet]));
    t.equal(bits.length, ML_DSA[parameterSet].publicKeyLength);
    t.ok(same(encodeMlDsaPublicKey(parameterSet, bits), octets), 'the same octets');
  }
});

const algorithm = ML_DSA_ALGORITHM['ml-dsa-44'];
const key = der.octetString(der.contextPrimitive(0, SEED));
const version = (number: number): Uint8Array => der.unsignedInteger(number);
const attributes = der.contextConstructed(
  0,
  der.sequence(der.objectIdentifier('1.2.3'), der.setOf(der.nullValue())),
);
const publicKey = der.contextPrimitive(1, Uint8Array.of(0, 1, 2, 3));

t.test('PKCS #8 of version 0 and 1 is decoded', async (t) => {
  const cases: [string, Uint8Array, number[] | undefined][] = [
    ['version 0', der.sequence(version(0), algorithm, key), undefined],
    ['version 0 with attributes', der.sequence(version(0), algorithm, key, attributes), undefined],
    [
      'version 0 with no attributes',
      der.sequence(version(0), algorithm, key, der.contextConstructed(0)),
      undefined,
    ],
    ['version 1', der.sequence(version(1), algorithm, key, publicKey), [1, 2, 3]],
    ['version 1 with attributes', der.sequence(version(1), algorithm, key, attributes, publicKey), [1, 2, 3]],
  ];
  for (const [name, octets, expected] of cases) {
    const info = readPrivateKeyInfo(checkDer(octets));
    t.ok(same(info.privateKey.subarray(2), SEED), name);
    t.strictSame(info.publicKey && [...info.publicKey], expected, name);
  }
});

t.test('invalid PKCS #8 is refused', async (t) => {
  const invalid = 'invalid-private-key';
  const cases: [string, Uint8Array, string, RegExp][] = [
    [
      'version 2',
      der.sequence(version(2), algorithm, key),
      invalid,
      /OneAsymmetricKey.version must be 0 or 1, not 2/,
    ],
    [
      'a negative version',
      der.sequence(Uint8Array.of(2, 1, 0xff), algorithm, key),
      invalid,
      /OneAsymmetricKey.version must be an INTEGER from 0/,
    ],
    [
      'a public key in version 0',
      der.sequence(version(0), algorithm, key, publicKey),
      invalid,
      /version must be 1 with a public key and 0 without one/,
    ],
    [
      'no public key in version 1',
      der.sequence(version(1), algorithm, key),
      invalid,
      /version must be 1 with a public key and 0 without one/,
    ],
    [
      'an EXPLICIT public key',
      der.sequence(version(1), algorithm, key, der.contextConstructed(1, der.bitString(SEED))),
      invalid,
      /publicKey must have the IMPLICIT tag 81/,
    ],
    [
      'a public key with unused bits',
      der.sequence(version(1), algorithm, key, der.contextPrimitive(1, Uint8Array.of(1, 2))),
      invalid,
      /publicKey must be a BIT STRING of whole octets/,
    ],
    [
      'public key before attributes',
      der.sequence(version(1), algorithm, key, publicKey, attributes),
      invalid,
      /unexpected member/,
    ],
    [
      'an extra member',
      der.sequence(version(0), algorithm, key, der.nullValue()),
      invalid,
      /unexpected member/,
    ],
    ['no private key', der.sequence(version(0), algorithm), invalid, /privateKey is missing/],
    [
      'a private key of another type',
      der.sequence(version(0), algorithm, der.bitString(SEED)),
      invalid,
      /privateKey must have the tag 04, not 03/,
    ],
    ['not a SEQUENCE', der.nullValue(), invalid, /must be a SEQUENCE/],
    [
      'an octet after the structure',
      der.concat([der.sequence(version(0), algorithm, key), SEED]),
      'invalid-der',
      /32 octets follow/,
    ],
    [
      'BER',
      der.concat([Uint8Array.of(0x30, 0x80), version(0), algorithm, key, Uint8Array.of(0, 0)]),
      'invalid-der',
      /indefinite/,
    ],
    [
      'only a public key',
      rfc9881('ML-DSA-44.pub'),
      'invalid-encoding',
      /^Expected PRIVATE KEY, got PUBLIC KEY$/,
    ],
  ];
  for (const [name, octets, code, message] of cases)
    t.throws(() => readPrivateKeyInfo(expectKind(octets, 'PRIVATE KEY')), { code, message }, name);
});

t.test('an invalid SubjectPublicKeyInfo is refused', async (t) => {
  const pk = raw(1312);
  const invalid = 'invalid-public-key';
  const cases: [string, Uint8Array, string, RegExp][] = [
    [
      'unused bits',
      der.sequence(algorithm, der.tlv(3, Uint8Array.of(1), raw(1311), Uint8Array.of(0))),
      invalid,
      /whole octets/,
    ],
    [
      'an extra member',
      der.sequence(algorithm, der.bitString(pk), der.nullValue()),
      invalid,
      /unexpected member/,
    ],
    ['no bits', der.sequence(algorithm), invalid, /subjectPublicKey is missing/],
    [
      'an OCTET STRING',
      der.sequence(algorithm, der.octetString(pk)),
      'invalid-encoding',
      /^Expected PUBLIC KEY, got ENCRYPTED PRIVATE KEY$/,
    ],
    ['a certificate', rfc9881('ML-DSA-44.crt'), 'invalid-encoding', /got CERTIFICATE$/],
    [
      'an octet after the structure',
      der.concat([rfc9881('ML-DSA-44.pub'), raw(1)]),
      'invalid-der',
      /1 octets follow/,
    ],
  ];
  for (const [name, octets, code, message] of cases)
    t.throws(() => readSubjectPublicKeyInfo(expectKind(octets, 'PUBLIC KEY')), { code, message }, name);
});
