import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { encodeAlgorithmIdentifier as identifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM, readKeyAlgorithm } from '../../src/formats/key-algorithm.ts';
import { describeOid, digestOid, extensionOid, MGF1, oidName } from '../../src/formats/oids.ts';
import { readSignatureAlgorithm, SIGNATURE_ALGORITHM } from '../../src/formats/signature-algorithm.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const NULL = der.nullValue();

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const ED25519 = '1.3.101.112';
const P256 = '1.2.840.10045.3.1.7';
const curve = (oid: string): Uint8Array => identifier(EC, der.objectIdentifier(oid));

t.test('AlgorithmIdentifiers are written octet for octet', async (t) => {
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-44']), '300b0609608648016503040311', 'RFC 9881 §2');
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-65']), '300b0609608648016503040312');
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-87']), '300b0609608648016503040313');
  t.equal(hex(SIGNATURE_ALGORITHM.rsa.sha256), '300d06092a864886f70d01010b0500', 'RFC 4055 §5');
  t.equal(hex(SIGNATURE_ALGORITHM.rsa.sha512), '300d06092a864886f70d01010d0500');
  t.equal(hex(SIGNATURE_ALGORITHM.ecdsa.sha384), '300a06082a8648ce3d040303', 'RFC 5758 §3.2');
  t.equal(hex(SIGNATURE_ALGORITHM.ed25519), '300506032b6570', 'RFC 8410 §3');
});

t.test('algorithms of keys that are taken', async (t) => {
  const cases: [Uint8Array, object][] = [
    [ML_DSA_ALGORITHM['ml-dsa-44'], { family: 'ml-dsa', parameterSet: 'ml-dsa-44' }],
    [ML_DSA_ALGORITHM['ml-dsa-87'], { family: 'ml-dsa', parameterSet: 'ml-dsa-87' }],
    [identifier(RSA, NULL), { family: 'rsa' }],
    [curve(P256), { family: 'ecdsa', curve: 'P-256' }],
    [curve('1.3.132.0.34'), { family: 'ecdsa', curve: 'P-384' }],
    [curve('1.3.132.0.35'), { family: 'ecdsa', curve: 'P-521' }],
    [identifier(ED25519), { family: 'ed25519' }],
  ];
  for (const [encoding, expected] of cases) t.strictSame(readKeyAlgorithm(checkDer(encoding)), expected);
});

t.test('algorithms of keys that are refused, by name', async (t) => {
  const cases: [string, Uint8Array, RegExp][] = [
    [
      'ML-DSA with NULL',
      identifier('2.16.840.1.101.3.4.3.18', NULL),
      /^The parameters of ML-DSA-65 \(2.16.840.1.101.3.4.3.18\) must be absent .* not NULL$/,
    ],
    ['HashML-DSA-44', identifier('2.16.840.1.101.3.4.3.32'), /Keys of HashML-DSA-44 \(/],
    ['HashML-DSA-65', identifier('2.16.840.1.101.3.4.3.33'), /Keys of HashML-DSA-65 \(/],
    ['HashML-DSA-87', identifier('2.16.840.1.101.3.4.3.34'), /Keys of HashML-DSA-87 \(/],
    ['SLH-DSA', identifier('2.16.840.1.101.3.4.3.20'), /Keys of SLH-DSA \(/],
    ['HashSLH-DSA', identifier('2.16.840.1.101.3.4.3.46'), /Keys of HashSLH-DSA \(/],
    ['ML-KEM', identifier('2.16.840.1.101.3.4.4.2'), /Keys of ML-KEM-768 \(/],
    ['Dilithium', identifier('1.3.6.1.4.1.2.267.7.6.5'), /Keys of Dilithium, the draft before ML-DSA \(/],
    ['composite ML-DSA', identifier('1.3.6.1.5.5.7.6.45'), /Keys of composite ML-DSA \(/],
    ['an unsigned certificate', identifier('1.3.6.1.5.5.7.6.36'), /Keys of id-alg-unsigned \(/],
    ['RSASSA-PSS', identifier('1.2.840.113549.1.1.10'), /Keys of RSASSA-PSS \(/],
    ['Ed448', identifier('1.3.101.113'), /Keys of Ed448 \(/],
    [
      'an unknown one',
      identifier('1.2.3'),
      /Keys of 1.2.3 are not supported; ML-DSA, RSA, ECDSA and Ed25519 are/,
    ],
    ['RSA without NULL', identifier(RSA), /rsaEncryption .* must be NULL/],
    ['RSA with more', identifier(RSA, der.sequence()), /rsaEncryption .* must be NULL/],
    ['Ed25519 with NULL', identifier(ED25519, NULL), /Ed25519 .* must be absent/],
    ['EC without a curve', identifier(EC), /An EC key must name its curve/],
    ['EC with an inherited curve', identifier(EC, NULL), /An EC key must name its curve/],
    ['EC with a curve written out', identifier(EC, der.sequence()), /An EC key must name its curve/],
    ['secp256k1', curve('1.3.132.0.10'), /The curve secp256k1 \(1.3.132.0.10\) is not supported/],
  ];
  for (const [name, encoding, message] of cases)
    t.throws(() => readKeyAlgorithm(checkDer(encoding)), { code: 'unsupported-algorithm', message }, name);
});

const sha = (bits: 256 | 384 | 512): string => digestOid[`sha${bits}`];

const algorithm = (algorithmId: string, algorithmParams?: asn1js.AsnType): pkijs.AlgorithmIdentifier =>
  new pkijs.AlgorithmIdentifier({ algorithmId, ...(algorithmParams && { algorithmParams }) });

/** RSASSA-PSS by pkijs, which leaves DEFAULTs out. */
function pss(hash: string, maskHash: string, saltLength: number, parameters?: asn1js.Null): Uint8Array {
  const params = new pkijs.RSASSAPSSParams({
    hashAlgorithm: algorithm(hash, parameters),
    maskGenAlgorithm: algorithm(MGF1, algorithm(maskHash, parameters).toSchema()),
    saltLength,
  });
  return identifier('1.2.840.113549.1.1.10', checkDer(new Uint8Array(params.toSchema().toBER())));
}

t.test('algorithms of signatures that are taken', async (t) => {
  const cases: [string, Uint8Array, object][] = [
    ['ML-DSA', SIGNATURE_ALGORITHM['ml-dsa']['ml-dsa-65'], { family: 'ml-dsa', parameterSet: 'ml-dsa-65' }],
    ['RSA', SIGNATURE_ALGORITHM.rsa.sha384, { family: 'rsa', digest: 'sha384', padding: 'pkcs1' }],
    [
      'RSA without NULL',
      identifier('1.2.840.113549.1.1.11'),
      { family: 'rsa', digest: 'sha256', padding: 'pkcs1' },
    ],
    ['ECDSA', SIGNATURE_ALGORITHM.ecdsa.sha512, { family: 'ecdsa', digest: 'sha512' }],
    ['Ed25519', SIGNATURE_ALGORITHM.ed25519, { family: 'ed25519', digest: null }],
    ['PSS', pss(sha(384), sha(384), 48), { family: 'rsa', padding: 'pss', digest: 'sha384', saltLength: 48 }],
    [
      'PSS, NULL',
      pss(sha(256), sha(256), 32, new asn1js.Null()),
      { family: 'rsa', padding: 'pss', digest: 'sha256', saltLength: 32 },
    ],
    [
      'PSS, salt of 20',
      pss(sha(512), sha(512), 20),
      { family: 'rsa', padding: 'pss', digest: 'sha512', saltLength: 20 },
    ],
  ];
  for (const [name, encoding, expected] of cases)
    t.strictSame(readSignatureAlgorithm(checkDer(encoding)), expected, name);
});

const explicit = (hash: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
  identifier(
    '1.2.840.113549.1.1.10',
    der.sequence(
      der.contextConstructed(0, hash),
      der.contextConstructed(1, identifier(MGF1, checkDer(hash))),
      ...more,
    ),
  );

t.test('algorithms of signatures that are refused, by name', async (t) => {
  const SHA1 = '1.3.14.3.2.26';
  const sha256 = identifier(sha(256));
  const cases: [string, Uint8Array, RegExp, string?][] = [
    ['ML-DSA with NULL', identifier('2.16.840.1.101.3.4.3.17', NULL), /ML-DSA-44 .* must be absent/],
    [
      'ML-DSA with a context',
      identifier('2.16.840.1.101.3.4.3.17', der.octetString(NULL)),
      /ML-DSA-44 .* must be absent/,
    ],
    ['HashML-DSA', identifier('2.16.840.1.101.3.4.3.33'), /Signatures of HashML-DSA-65 \(/],
    ['Dilithium', identifier('1.3.6.1.4.1.2.267.12.4.4'), /Signatures of Dilithium/],
    ['composite ML-DSA', identifier('1.3.6.1.5.5.7.6.54'), /Signatures of composite ML-DSA/],
    ['RSA with SHA-1', identifier('1.2.840.113549.1.1.5', NULL), /Signatures of sha1WithRSAEncryption \(/],
    ['RSA with MD5', identifier('1.2.840.113549.1.1.4', NULL), /Signatures of md5WithRSAEncryption \(/],
    ['ECDSA with SHA-1', identifier('1.2.840.10045.4.1'), /Signatures of ecdsa-with-SHA1 \(/],
    ['the OID of an RSA key', identifier(RSA, NULL), /Signatures of rsaEncryption \(/],
    ['RSA with other parameters', identifier('1.2.840.113549.1.1.11', der.sequence()), /must be NULL/],
    ['ECDSA with NULL', identifier('1.2.840.10045.4.3.2', NULL), /ecdsa-with-SHA256 .* must be absent/],
    ['Ed25519 with NULL', identifier(ED25519, NULL), /Ed25519 .* must be absent/],
    ['PSS without parameters', identifier('1.2.840.113549.1.1.10'), /must have parameters/],
    [
      'PSS with the default SHA-1',
      identifier('1.2.840.113549.1.1.10', der.sequence()),
      /with SHA-1, its default/,
    ],
    ['PSS with SHA-1 by name', pss(SHA1, SHA1, 32, new asn1js.Null()), /SHA-1/],
    ['PSS with SHA-1 in MGF1', pss(sha(256), SHA1, 32), /SHA-1|the same hash/],
    ['PSS with two hashes', pss(sha(256), sha(384), 32), /the same hash in MGF1/],
    [
      'PSS with the default salt spelled out',
      explicit(sha256, der.contextConstructed(2, der.unsignedInteger(20))),
      /must be absent when it is 20/,
      'invalid-der',
    ],
    [
      'PSS with the default trailer spelled out',
      explicit(sha256, der.contextConstructed(3, der.unsignedInteger(1))),
      /unexpected member/,
      'invalid-der',
    ],
    [
      'three members',
      der.sequence(der.objectIdentifier(RSA), NULL, NULL),
      /unexpected member/,
      'invalid-der',
    ],
    ['no OID', der.sequence(), /algorithm is missing/, 'invalid-der'],
  ];
  for (const [name, encoding, message, code = 'unsupported-algorithm'] of cases)
    t.throws(() => readSignatureAlgorithm(checkDer(encoding)), { code, message }, name);
});

t.test('names of OIDs', async (t) => {
  t.equal(oidName(extensionOid.keyUsage), 'keyUsage');
  t.equal(oidName('2.16.840.1.101.3.4.3.18'), 'ML-DSA-65');
  t.equal(oidName('1.2.3'), '1.2.3', 'an unknown one is its own name');
  t.equal(describeOid('2.5.29.15'), 'keyUsage (2.5.29.15)');
  t.equal(describeOid('1.3.6.1.5.5.7.6.55'), '1.3.6.1.5.5.7.6.55', 'beyond the arc of the composites');
  t.equal(describeOid(`1.2.${'9'.repeat(100)}`).length, 65, 'a long one is cut');
});
