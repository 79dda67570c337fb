import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import {
  encodeAlgorithmIdentifier as identifier,
  readAlgorithmIdentifier,
  type AlgorithmIdentifier,
} from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { describeOid, digestOid, extensionOid, MGF1, oidName } from '../../src/formats/oids.ts';
import {
  readEcdsaSignature,
  readRsaSignature,
  SIGNATURE_ALGORITHM,
} from '../../src/formats/signature-algorithm.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const read = (encoding: Uint8Array, reader: (algorithm: AlgorithmIdentifier) => object): object =>
  reader(readAlgorithmIdentifier(checkDer(encoding)));

t.test('AlgorithmIdentifiers are encoded octet for octet as in their RFC', async (t) => {
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-44']), '300b0609608648016503040311', 'RFC 9881 §2');
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-65']), '300b0609608648016503040312');
  t.equal(hex(ML_DSA_ALGORITHM['ml-dsa-87']), '300b0609608648016503040313');
  t.equal(hex(SIGNATURE_ALGORITHM.rsa.sha256), '300d06092a864886f70d01010b0500', 'RFC 4055 §5');
  t.equal(hex(SIGNATURE_ALGORITHM.rsa.sha512), '300d06092a864886f70d01010d0500');
  t.equal(hex(SIGNATURE_ALGORITHM.ecdsa.sha384), '300a06082a8648ce3d040303', 'RFC 5758 §3.2');
  t.equal(hex(SIGNATURE_ALGORITHM.ed25519), '300506032b6570', 'RFC 8410 §3');
});

const sha = (bits: 256 | 384 | 512): string => digestOid[`sha${bits}`];

const algorithm = (algorithmId: string, algorithmParams?: asn1js.AsnType): pkijs.AlgorithmIdentifier =>
  new pkijs.AlgorithmIdentifier({ algorithmId, ...(algorithmParams && { algorithmParams }) });

/** RSASSA-PSS parameters, encoded by pkijs, which omits DEFAULT values. */
function pss(hash: string, maskHash: string, saltLength: number, parameters?: asn1js.Null): Uint8Array {
  const params = new pkijs.RSASSAPSSParams({
    hashAlgorithm: algorithm(hash, parameters),
    maskGenAlgorithm: algorithm(MGF1, algorithm(maskHash, parameters).toSchema()),
    saltLength,
  });
  return identifier('1.2.840.113549.1.1.10', checkDer(new Uint8Array(params.toSchema().toBER())));
}

t.test('RSA and ECDSA signatures', async (t) => {
  const cases: [string, object, object][] = [
    ['RSA', read(SIGNATURE_ALGORITHM.rsa.sha384, readRsaSignature), { digest: 'sha384', padding: 'pkcs1' }],
    [
      'RSA without NULL',
      read(identifier('1.2.840.113549.1.1.11'), readRsaSignature),
      { digest: 'sha256', padding: 'pkcs1' },
    ],
    ['ECDSA', read(SIGNATURE_ALGORITHM.ecdsa.sha512, readEcdsaSignature), { digest: 'sha512' }],
    [
      'PSS',
      read(pss(sha(384), sha(384), 48), readRsaSignature),
      { padding: 'pss', digest: 'sha384', saltLength: 48 },
    ],
    [
      'PSS, NULL',
      read(pss(sha(256), sha(256), 32, new asn1js.Null()), readRsaSignature),
      { padding: 'pss', digest: 'sha256', saltLength: 32 },
    ],
    [
      'PSS, salt of 20',
      read(pss(sha(512), sha(512), 20), readRsaSignature),
      { padding: 'pss', digest: 'sha512', saltLength: 20 },
    ],
  ];
  for (const [name, actual, expected] of cases) t.strictSame(actual, expected, name);
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

t.test('invalid or weak RSASSA-PSS parameters are refused', async (t) => {
  const SHA1 = '1.3.14.3.2.26';
  const sha256 = identifier(sha(256));
  const cases: [string, Uint8Array, RegExp, string?][] = [
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
      'PSS with the default salt encoded',
      explicit(sha256, der.contextConstructed(2, der.unsignedInteger(20))),
      /must be absent when it is 20/,
      'invalid-der',
    ],
    [
      'PSS with the default trailer encoded',
      explicit(sha256, der.contextConstructed(3, der.unsignedInteger(1))),
      /trailerField.INTEGER must be absent when it is 1/,
      'invalid-der',
    ],
    [
      'PSS with another trailer',
      explicit(sha256, der.contextConstructed(3, der.unsignedInteger(2))),
      /trailerField must be 1/,
      'invalid-der',
    ],
  ];
  for (const [name, encoding, message, code = 'unsupported-algorithm'] of cases)
    t.throws(() => read(encoding, readRsaSignature), { code, message }, name);
});

t.test('an OID has the name of its registry', async (t) => {
  t.equal(oidName(extensionOid.keyUsage), 'keyUsage');
  t.equal(oidName('2.16.840.1.101.3.4.3.18'), 'ML-DSA-65');
  t.equal(oidName('1.2.3'), '1.2.3', 'an unknown OID is its own name');
  t.equal(describeOid('2.5.29.15'), 'keyUsage (2.5.29.15)');
  t.equal(describeOid('1.3.6.1.5.5.7.6.55'), '1.3.6.1.5.5.7.6.55', 'beyond the arc of the composites');
  t.equal(describeOid(`1.2.${'9'.repeat(100)}`).length, 65, 'a long OID is shortened');
});
