/** ML-KEM keys: the files of RFC 9935 (appendix C), forms, and what an import refuses. */

import { createPrivateKey, createPublicKey, decapsulate, encapsulate, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import t from 'tap';
import {
  ML_KEM,
  ML_KEM_PARAMETER_SETS,
  MLKEM_SEED_LENGTH,
  mlKemStandardName,
} from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { concat, nullValue, octetString } from '../../src/formats/der/writer.ts';
import { mlKemAlgorithm } from '../../src/formats/key-algorithm.ts';
import { encodeMlKemPrivateKey } from '../../src/formats/ml-kem-private-key.ts';
import { privateKeyInfoParts, readPrivateKeyInfo } from '../../src/formats/private-key-info.ts';
import { createReading } from '../../src/formats/reading.ts';
import { encodeSubjectPublicKeyInfo } from '../../src/formats/subject-public-key-info.ts';
import { KEY_FORMATS } from '../../src/keys/key.ts';
import { isPublishedKey } from '../../src/keys/published-key.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from '../formats/rfc9881.ts';
import { openDomain } from '../support/domain.ts';

const { keys, inspector } = await openDomain(t);
const noble = { 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 };

const text = (file: string): string =>
  readFileSync(new URL(`../vectors/rfc9935/${file}`, import.meta.url), 'utf8');
const rfc9935 = (file: string) =>
  checkDer(new Uint8Array(Buffer.from(text(file).replace(/-----[^-]+-----/g, ''), 'base64')));

for (const set of ML_KEM_PARAMETER_SETS) {
  const name = mlKemStandardName(set);

  t.test(`${name}: the examples of RFC 9935 are read, and written as they are`, async (t) => {
    t.strictSame(readPublicKey(rfc9935(`${name}.pub`)).algorithm, set);
    for (const format of KEY_FORMATS) {
      const key = await keys.importPair(rfc9935(`${name}-${format}.priv`));
      t.ok(same(key.publicKey.spki, rfc9935(`${name}.pub`)), `the public key of ${format}`);
      t.ok(isPublishedKey(key.publicKey), 'it is published');
      const available = format === 'expanded' ? (['expanded'] as const) : KEY_FORMATS;
      for (const other of available)
        t.ok(same(await key.exportPkcs8(other), rfc9935(`${name}-${other}.priv`)), `${format} as ${other}`);
      if (format === 'expanded') await t.rejects(key.exportPkcs8('seed'), { code: 'invalid-key-options' });
      key.destroy();
      await t.rejects(key.exportPkcs8('expanded'), /destroyed/);
    }
  });

  t.test(`${name}: the certificate of RFC 9935 is shown and verified`, async (t) => {
    const shown = await inspector.certificate(text(`${name}.crt`));
    t.match(shown, { public_key: { algorithm: set }, key_usage: ['keyEncipherment'] });
    const { subjectPublicKeyInfo, signatureAlgorithm, tbs, signature } = readCertificate(
      rfc9935(`${name}.crt`),
    );
    t.ok(same(subjectPublicKeyInfo, rfc9935(`${name}.pub`)));
    const level = { 'ml-kem-512': 44, 'ml-kem-768': 65, 'ml-kem-1024': 87 }[set];
    const issuer = readPublicKey(
      readCertificate(checkDer(rfc9881(`ML-DSA-${level}.crt`))).subjectPublicKeyInfo,
    );
    t.ok(await keys.verify(issuer, signatureAlgorithm, tbs, signature), 'the key of RFC 9881 signed it');
    const own = readPublicKey(subjectPublicKeyInfo);
    t.notOk(await keys.verify(own, signatureAlgorithm, tbs, signature), 'its own key verifies nothing');
  });

  t.test(`${name}: a new key is the same to two other implementations`, async (t) => {
    const key = await keys.generatePair(set);
    const [seed, expanded] = [await key.exportPkcs8('seed'), await key.exportPkcs8('expanded')];
    const theirs = noble[set].keygen(seed.slice(-MLKEM_SEED_LENGTH));
    t.ok(same(theirs.publicKey, key.publicKey.bits), 'noble derives the public key');
    t.ok(same(theirs.secretKey, expanded.subarray(-ML_KEM[set].expandedKeyLength)), 'and the expanded key');
    const publicKey = createPublicKey({ key: Buffer.from(key.publicKey.spki), format: 'der', type: 'spki' });
    const { sharedKey, ciphertext } = encapsulate(publicKey);
    for (const format of KEY_FORMATS) {
      const der = Buffer.from(await key.exportPkcs8(format));
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      t.ok(decapsulate(privateKey, ciphertext).equals(sharedKey), `node:crypto decapsulates with ${format}`);
    }
  });
}

t.test('inconsistent keys of RFC 9935 are refused', async (t) => {
  const faults: [number, RegExp][] = [
    [1, /must be the expansion of the seed \(RFC 9935 §8\)/],
    [2, /s does not belong to the encapsulation key/],
    [3, /H\(ek\) is not the hash of the encapsulation key/],
    [4, /must be the expansion of the seed/],
  ];
  for (const [number, message] of faults)
    await t.rejects(
      keys.importPair(rfc9935(`bad-ML-KEM-512-${number}.priv`)),
      { code: 'invalid-private-key', message },
      `bad ${number}`,
    );
});

const SET = 'ml-kem-512';
const { publicKeyLength, expandedKeyLength } = ML_KEM[SET];
const seed = Uint8Array.from({ length: MLKEM_SEED_LENGTH }, (_, index) => index);
const expandedKey = rfc9935('ML-KEM-512-expanded.priv').subarray(-expandedKeyLength);
const publicKey = rfc9935('ML-KEM-512.pub').subarray(-publicKeyLength);
const wrapped = (
  privateKey: Uint8Array,
  included?: Uint8Array,
  algorithm: Uint8Array = mlKemAlgorithm(SET),
) => checkDer(concat(privateKeyInfoParts(algorithm, [privateKey], included)));

t.test('older forms are tolerated, and strict reading refuses them', async (t) => {
  const forms: [string, Uint8Array, RegExp][] = [
    ['a seed without a tag', seed, /raw octets; RFC 9935 §6/],
    ['an expanded key without a tag', expandedKey, /raw octets/],
    ['a seed with another tag', octetString(seed), /must begin with the octets 80 40/],
    ['a public key after the expanded key', octetString(concat([expandedKey, publicKey])), /RFC 9935 §6/],
  ];
  for (const [name, privateKey, message] of forms) {
    const reading = createReading({ isStrict: false });
    const key = await keys.importPair(wrapped(privateKey), reading);
    t.ok(same(key.publicKey.bits, publicKey), name);
    t.match(reading.notes, [{ code: 'private-key-value', message }], name);
    await t.rejects(keys.importPair(wrapped(privateKey)), { code: 'invalid-private-key', message }, name);
  }
});

t.test('the public key beside a private key must be its own', async (t) => {
  const { privateKey } = readPrivateKeyInfo(rfc9935('ML-KEM-512-seed.priv'));
  t.ok(await keys.importPair(wrapped(privateKey, publicKey)));
  const { publicKey: other } = ml_kem512.keygen();
  await t.rejects(keys.importPair(wrapped(privateKey, other)), { code: 'invalid-private-key' });
  const after = octetString(concat([expandedKey, other]));
  await t.rejects(
    keys.importPair(wrapped(after), createReading({ isStrict: false })),
    /after the expanded key/,
  );
});

t.test('a private key that is none is refused', async (t) => {
  // ek is in dk, and H(ek) is of the changed ek
  const [unreduced, digest] = [Uint8Array.from(expandedKey), expandedKey.length - 64];
  unreduced.set([0xff, 0xff, 0xff], 768);
  unreduced.set(hash('sha3-256', unreduced.subarray(768, 768 + publicKeyLength), 'buffer'), digest);
  const cases: [string, Uint8Array, RegExp, string?][] = [
    [
      'z is not checked without a seed, but its length is',
      octetString(expandedKey.subarray(1)),
      /1632 octets, not 1631/,
    ],
    ['the length of another set', octetString(new Uint8Array(2400)), /the length for ml-kem-768/],
    ['an unreduced coefficient', octetString(unreduced), /not below q/],
    [
      'a seed of 32 octets',
      Uint8Array.of(0x80, 32, ...seed.subarray(32)),
      /seed must have 64 octets, not 32/,
    ],
    ['a seed with an EXPLICIT tag', Uint8Array.of(0xa0, 66, 4, 64, ...seed), /octets 80 40/],
  ];
  for (const [name, privateKey, message] of cases)
    await t.rejects(keys.importPair(wrapped(privateKey)), { code: 'invalid-private-key', message }, name);
  const withNull = encodeAlgorithmIdentifier(ML_KEM[SET].oid, nullValue());
  const alone = wrapped(octetString(expandedKey), undefined, withNull);
  await t.rejects(keys.importPair(alone), { code: 'unsupported-algorithm', message: /must be absent/ });
});

t.test('a public key of another length, or with an unreduced coefficient, is refused', async (t) => {
  const spki = (bits: Uint8Array) => encodeSubjectPublicKeyInfo(mlKemAlgorithm(SET), bits);
  const fault = { code: 'invalid-public-key' };
  t.throws(() => readPublicKey(spki(publicKey.subarray(1))), {
    ...fault,
    message: /must have 800 octets, got 799/,
  });
  const changed = Uint8Array.from(publicKey);
  changed.set([0x01, 0x0d], 0);
  t.throws(() => readPublicKey(spki(changed)), { ...fault, message: /below q = 3329/ }, '3329');
  changed.set([0x00, 0x0d], 0);
  t.equal(readPublicKey(spki(changed)).algorithm, SET, '3328');
  changed.set([0x00, 0x10, 0xd0], 0);
  t.throws(() => readPublicKey(spki(changed)), fault, 'the second coefficient is 3329');
});

t.test('a key that must sign cannot be of ML-KEM', async (t) => {
  const pkcs8 = checkDer(encodeMlKemPrivateKey(SET, { seed }));
  await t.rejects(keys.importPrivateKey(pkcs8), {
    code: 'unsupported-algorithm',
    message: 'Keys of ML-KEM cannot sign, and this key must',
  });
});
