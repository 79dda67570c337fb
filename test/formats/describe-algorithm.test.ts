import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import t from 'tap';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../src/formats/describe-algorithm.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import { rfc9881 } from './rfc9881.ts';

const describeKey = (key: { readonly publicKey: KeyObject }) =>
  describeSubjectPublicKeyInfo(
    checkDer(new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }))),
  );

const identifier = (oid: string, hash = '2.16.840.1.101.3.4.2.1') =>
  encodeAlgorithmIdentifier(oid, encodeAlgorithmIdentifier(hash, der.nullValue()));

t.test('algorithms have the name of their standard, and their parameters', async (t) => {
  const PSS = '1.2.840.113549.1.1.10';
  const mask = identifier('1.2.840.113549.1.1.8', '2.16.840.1.101.3.4.2.3');
  const hash = encodeAlgorithmIdentifier('2.16.840.1.101.3.4.2.3', der.nullValue());
  const pss = der.sequence(
    der.contextConstructed(0, hash),
    der.contextConstructed(1, mask),
    der.contextConstructed(2, der.unsignedInteger(64)),
  );
  const cases: [string, ReturnType<typeof der.sequence> | undefined, string, string[]][] = [
    ['2.16.840.1.101.3.4.3.18', undefined, 'ML-DSA-65', []],
    ['2.16.840.1.101.3.4.3.20', undefined, 'SLH-DSA-SHA2-128s', []],
    ['2.16.840.1.101.3.4.3.31', undefined, 'SLH-DSA-SHAKE-256f', []],
    ['2.16.840.1.101.3.4.3.37', undefined, 'HashSLH-DSA-SHA2-192s-with-SHA512', []],
    ['2.16.840.1.101.3.4.3.42', undefined, 'HashSLH-DSA-SHAKE-128f-with-SHAKE128', []],
    ['1.3.6.1.5.5.7.6.37', undefined, 'id-MLDSA44-RSA2048-PSS-SHA256', []],
    ['1.3.6.1.5.5.7.6.54', undefined, 'id-MLDSA87-ECDSA-P521-SHA512', []],
    ['1.2.840.113549.1.1.11', der.nullValue(), 'sha256WithRSAEncryption', []],
    [PSS, pss, 'RSASSA-PSS', ['hash sha512', 'mask MGF1 with sha512', 'salt length 64']],
    [PSS, der.sequence(), 'RSASSA-PSS', ['hash SHA-1', 'mask MGF1 with SHA-1', 'salt length 20']],
    [PSS, der.octetString(Uint8Array.of(7)), 'RSASSA-PSS', ['04:01:07']],
    ['1.2.840.10045.2.1', der.objectIdentifier('1.3.132.0.10'), 'id-ecPublicKey', ['secp256k1']],
    ['1.2.840.10045.2.1', der.sequence(), 'id-ecPublicKey', ['explicit parameters']],
    ['1.2.3', der.sequence(), '1.2.3', ['30:00']],
  ];
  for (const [oid, parameters, name, lines] of cases)
    t.same(describeAlgorithm(encodeAlgorithmIdentifier(oid, parameters)), { oid, name, parameters: lines });
});

t.test('keys have their size, exponent and curve', async (t) => {
  t.match(describeKey(generateKeyPairSync('rsa', { modulusLength: 2048 })), {
    algorithm: { name: 'rsaEncryption', parameters: [] },
    bits: 2048,
    publicExponent: '65537',
  });
  for (const [namedCurve, curve, bits] of [
    ['prime256v1', 'P-256', 256],
    ['secp521r1', 'P-521', 521],
    ['brainpoolP512r1', 'brainpoolP512r1', 512],
  ] as const)
    t.match(describeKey(generateKeyPairSync('ec', { namedCurve })), {
      algorithm: { name: 'id-ecPublicKey', parameters: [curve] },
      bits,
      curve,
    });
  t.match(describeKey(generateKeyPairSync('ed448')), { algorithm: { name: 'Ed448' }, bits: undefined });
  const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  t.match(describeKey(dsa), { algorithm: { name: 'DSA', parameters: ['p of 1024 bits'] }, bits: 1024 });
  t.match(describeSubjectPublicKeyInfo(checkDer(rfc9881('ML-DSA-44.pub'))), {
    algorithm: { name: 'ML-DSA-44' },
    bits: undefined,
  });
});

t.test('a malformed key is described by its algorithm', async (t) => {
  const spki = (algorithm: Uint8Array) => der.sequence(algorithm, der.bitString(Uint8Array.of(1)));
  const rsa = encodeAlgorithmIdentifier('1.2.840.113549.1.1.1', der.nullValue());
  t.match(describeSubjectPublicKeyInfo(spki(rsa)), { algorithm: { name: 'rsaEncryption' }, bits: undefined });
  const ec = encodeAlgorithmIdentifier('1.2.840.10045.2.1', der.sequence());
  t.match(describeSubjectPublicKeyInfo(spki(ec)), { bits: undefined, curve: undefined });
  const dsa = encodeAlgorithmIdentifier('1.2.840.10040.4.1', der.sequence());
  t.match(describeSubjectPublicKeyInfo(spki(dsa)), { bits: undefined });
  t.throws(() => describeSubjectPublicKeyInfo(der.sequence()), { code: 'invalid-public-key' });
});
