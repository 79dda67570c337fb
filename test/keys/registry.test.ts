import t from 'tap';
import { KEY_ALGORITHMS, KEY_FAMILIES, type KeyAlgorithmName } from '../../src/algorithms/registry.ts';
import {
  encodeAlgorithmIdentifier as identifier,
  readAlgorithmIdentifier,
} from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import {
  ALL_FAMILIES,
  FAMILIES,
  familyOfKey,
  familyOfName,
  familyOfSignature,
} from '../../src/keys/registry.ts';

const NULL = der.nullValue();

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const ED25519 = '1.3.101.112';
const curve = (oid: string): Uint8Array => identifier(EC, der.objectIdentifier(oid));

t.test('every algorithm has a family, and no two families have an OID in common', async (t) => {
  t.strictSame(KEY_FAMILIES, ['ml-dsa', 'rsa', 'ecdsa', 'ed25519', 'slh-dsa', 'ml-kem']);
  for (const [name, { family }] of Object.entries(KEY_ALGORITHMS))
    t.equal(familyOfName(name as KeyAlgorithmName), FAMILIES[family], name);
  const families = Object.values(FAMILIES);
  const all = Object.values(ALL_FAMILIES);
  for (const oids of [
    all.flatMap(({ keyOids }) => keyOids),
    families.flatMap(({ signatureOids }) => signatureOids),
  ])
    t.equal(new Set(oids).size, oids.length);
});

/** With an empty key, whose AlgorithmIdentifier is read first. */
function readKey(encoding: Uint8Array): unknown {
  const spki = checkDer(encoding);
  const algorithm = readAlgorithmIdentifier(spki);
  return familyOfKey(algorithm.oid).readPublicKey({ spki, algorithm, bits: new Uint8Array() });
}

function readSignature(encoding: Uint8Array): unknown {
  const algorithm = readAlgorithmIdentifier(checkDer(encoding));
  return familyOfSignature(algorithm.oid).verifier(algorithm);
}

t.test('the error for an unsupported key algorithm names the algorithm', async (t) => {
  const cases: [string, Uint8Array, RegExp][] = [
    [
      'ML-DSA with NULL',
      identifier('2.16.840.1.101.3.4.3.18', NULL),
      /^The parameters of ML-DSA-65 \(2.16.840.1.101.3.4.3.18\) must be absent .* not NULL$/,
    ],
    ['HashML-DSA-44', identifier('2.16.840.1.101.3.4.3.32'), /Keys of HashML-DSA-44 \(/],
    ['HashML-DSA-65', identifier('2.16.840.1.101.3.4.3.33'), /Keys of HashML-DSA-65 \(/],
    ['HashML-DSA-87', identifier('2.16.840.1.101.3.4.3.34'), /Keys of HashML-DSA-87 \(/],
    [
      'SLH-DSA with NULL',
      identifier('2.16.840.1.101.3.4.3.20', NULL),
      /SLH-DSA-SHA2-128s \(.*must be absent .* not NULL$/,
    ],
    ['HashSLH-DSA', identifier('2.16.840.1.101.3.4.3.46'), /Keys of HashSLH-DSA-SHAKE-256f-with-SHAKE256 \(/],
    ['ML-KEM with NULL', identifier('2.16.840.1.101.3.4.4.2', NULL), /ML-KEM-768 \(.*must be absent/],
    ['Dilithium', identifier('1.3.6.1.4.1.2.267.7.6.5'), /Keys of Dilithium, the draft before ML-DSA \(/],
    ['composite ML-DSA', identifier('1.3.6.1.5.5.7.6.45'), /Keys of id-MLDSA65-ECDSA-P256-SHA512 \(/],
    ['an unsigned certificate', identifier('1.3.6.1.5.5.7.6.36'), /Keys of id-alg-unsigned \(/],
    ['RSASSA-PSS', identifier('1.2.840.113549.1.1.10'), /Keys of RSASSA-PSS \(/],
    ['Ed448', identifier('1.3.101.113'), /Keys of Ed448 \(/],
    [
      'an unknown one',
      identifier('1.2.3'),
      /Keys of 1.2.3 are not supported; ML-DSA, RSA, ECDSA, Ed25519, SLH-DSA and ML-KEM are/,
    ],
    ['RSA without NULL', identifier(RSA), /rsaEncryption .* must be NULL/],
    ['RSA with other parameters', identifier(RSA, der.sequence()), /rsaEncryption .* must be NULL/],
    ['Ed25519 with NULL', identifier(ED25519, NULL), /Ed25519 .* must be absent/],
    ['EC without a curve', identifier(EC), /An EC key must name its curve/],
    ['EC with an inherited curve', identifier(EC, NULL), /An EC key must name its curve/],
    ['EC with explicit curve parameters', identifier(EC, der.sequence()), /An EC key must name its curve/],
    ['secp256k1', curve('1.3.132.0.10'), /The curve secp256k1 \(1.3.132.0.10\) is not supported/],
  ];
  for (const [name, encoding, message] of cases)
    t.throws(() => readKey(encoding), { code: 'unsupported-algorithm', message }, name);
});

t.test('the error for an unsupported signature algorithm names the algorithm', async (t) => {
  const cases: [string, Uint8Array, RegExp, string?][] = [
    ['ML-DSA with NULL', identifier('2.16.840.1.101.3.4.3.17', NULL), /ML-DSA-44 .* must be absent/],
    [
      'ML-DSA with a context',
      identifier('2.16.840.1.101.3.4.3.17', der.octetString(NULL)),
      /ML-DSA-44 .* must be absent/,
    ],
    ['HashML-DSA', identifier('2.16.840.1.101.3.4.3.33'), /Signatures of HashML-DSA-65 \(/],
    [
      'SLH-DSA with NULL',
      identifier('2.16.840.1.101.3.4.3.31', NULL),
      /SLH-DSA-SHAKE-256f .* must be absent/,
    ],
    ['HashSLH-DSA', identifier('2.16.840.1.101.3.4.3.35'), /Signatures of HashSLH-DSA-SHA2-128s-with-SHA256/],
    ['Dilithium', identifier('1.3.6.1.4.1.2.267.12.4.4'), /Signatures of Dilithium/],
    ['composite ML-DSA', identifier('1.3.6.1.5.5.7.6.54'), /Signatures of id-MLDSA87-ECDSA-P521-SHA512 \(/],
    ['RSA with SHA-1', identifier('1.2.840.113549.1.1.5', NULL), /Signatures of sha1WithRSAEncryption \(/],
    ['RSA with MD5', identifier('1.2.840.113549.1.1.4', NULL), /Signatures of md5WithRSAEncryption \(/],
    ['ECDSA with SHA-1', identifier('1.2.840.10045.4.1'), /Signatures of ecdsa-with-SHA1 \(/],
    ['the OID of an RSA key', identifier(RSA, NULL), /Signatures of rsaEncryption \(/],
    ['RSA with other parameters', identifier('1.2.840.113549.1.1.11', der.sequence()), /must be NULL/],
    ['ECDSA with NULL', identifier('1.2.840.10045.4.3.2', NULL), /ecdsa-with-SHA256 .* must be absent/],
    ['Ed25519 with NULL', identifier(ED25519, NULL), /Ed25519 .* must be absent/],
    [
      'three members',
      der.sequence(der.objectIdentifier(RSA), NULL, NULL),
      /unexpected member/,
      'invalid-der',
    ],
    ['no OID', der.sequence(), /algorithm is missing/, 'invalid-der'],
  ];
  for (const [name, encoding, message, code = 'unsupported-algorithm'] of cases)
    t.throws(() => readSignature(encoding), { code, message }, name);
});
