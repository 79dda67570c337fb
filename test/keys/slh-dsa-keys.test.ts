/** SLH-DSA keys: the files of RFC 9909 (appendix C), forms, and what an import refuses. */

import { readFileSync } from 'node:fs';
import t from 'tap';
import { SLH_DSA } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { concat, nullValue, octetString, sequence } from '../../src/formats/der/writer.ts';
import { slhDsaAlgorithm } from '../../src/formats/key-algorithm.ts';
import { privateKeyInfoParts } from '../../src/formats/private-key-info.ts';
import { createReading, LENIENT } from '../../src/formats/reading.ts';
import { isPublishedKey } from '../../src/keys/published-key.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { flipBit, same } from '../algorithms/ml-dsa/octets.ts';
import { openDomain } from '../support/domain.ts';

const { keys, inspector } = await openDomain(t);

const text = (ending: string): string =>
  readFileSync(new URL(`../vectors/rfc9909/id-slh-dsa-sha2-128s.${ending}`, import.meta.url), 'utf8');
const rfc9909 = (ending: string) =>
  checkDer(new Uint8Array(Buffer.from(text(ending).replace(/-----[^-]+-----/g, ''), 'base64')));

t.test('the examples of RFC 9909 are read, and written as they are', async (t) => {
  const key = await keys.importPrivateKey(rfc9909('priv'));
  t.equal(key.publicKey.algorithm, 'slh-dsa-sha2-128s');
  t.ok(same(await key.exportPkcs8(), rfc9909('priv')), 'the private key');
  t.ok(same(key.publicKey.spki, rfc9909('pub')), 'the public key');
  t.strictSame(readPublicKey(rfc9909('pub')), key.publicKey);
  t.ok(isPublishedKey(key.publicKey), 'it is published');
});

t.test('the certificate of RFC 9909 is verified', async (t) => {
  const shown = await inspector.certificate(text('pem'));
  t.match(shown, {
    signature_algorithm: 'SLH-DSA-SHA2-128s',
    public_key: { algorithm: 'slh-dsa-sha2-128s' },
    signature_valid: true,
  });
  const { subjectPublicKeyInfo, signatureAlgorithm, tbs, signature } = readCertificate(rfc9909('pem'));
  const key = readPublicKey(subjectPublicKeyInfo);
  t.notOk(await keys.verify(key, signatureAlgorithm, tbs, flipBit(signature, 900)));
  const other = slhDsaAlgorithm('slh-dsa-shake-128s');
  t.notOk(await keys.verify(key, other, tbs, signature), 'by the set with the other hash function');
});

const SET = 'slh-dsa-shake-128f';
const made = await keys.generate(SET);
const pkcs8 = await made.exportPkcs8();
const secret = pkcs8.subarray(-SLH_DSA[SET].privateKeyLength);
const wrapped = (
  privateKey: Uint8Array,
  algorithm: Uint8Array = slhDsaAlgorithm(SET),
  publicKey?: Uint8Array,
) => checkDer(concat(privateKeyInfoParts(algorithm, [privateKey], publicKey)));

t.test('a key signs until it is destroyed', async (t) => {
  const key = await keys.generate(SET);
  const message = Uint8Array.of(1, 2);
  t.same(key.signatureAlgorithm, slhDsaAlgorithm(SET));
  t.ok(await keys.verify(key.publicKey, key.signatureAlgorithm, message, await key.sign(message)));
  key.destroy();
  await t.rejects(key.sign(message), /destroyed/);
  await t.rejects(key.exportPkcs8(), /destroyed/);
});

t.test('a private key with its public key is read', async (t) => {
  const both = await keys.importPrivateKey(wrapped(secret, undefined, made.publicKey.bits));
  t.strictSame(both.publicKey, made.publicKey);
  const other = wrapped(secret, undefined, flipBit(made.publicKey.bits, 7));
  await t.rejects(keys.importPrivateKey(other), { code: 'invalid-private-key', message: /must be that of/ });
});

t.test('a private key in an OCTET STRING is tolerated, and strict reading refuses it', async (t) => {
  const tagged = wrapped(octetString(secret));
  const reading = createReading({ isStrict: false });
  const key = await keys.importPrivateKey(tagged, reading);
  t.ok(same(await key.exportPkcs8(), pkcs8), 'it is written as it must be');
  t.match(reading.notes, [{ code: 'private-key-value' }]);
  await t.rejects(keys.importPrivateKey(tagged), { message: /must be 64 octets without a tag, got 66/ });
});

t.test('a private key that is none is refused', async (t) => {
  const withNull = encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.27', nullValue());
  const cases: [string, Uint8Array, string, RegExp][] = [
    ['another root', wrapped(flipBit(secret, 8 * secret.length - 1)), 'invalid-private-key', /PK\.root/],
    ['another seed', wrapped(flipBit(secret, 0)), 'invalid-private-key', /PK\.root/],
    ['a missing octet', wrapped(secret.subarray(1)), 'invalid-private-key', /must be 64 octets .* got 63/],
    ['another structure', wrapped(sequence(octetString(secret))), 'invalid-private-key', /got 68/],
    [
      'a key of the other length',
      wrapped(secret, slhDsaAlgorithm('slh-dsa-sha2-192f')),
      'invalid-private-key',
      /96/,
    ],
    ['NULL', wrapped(secret, withNull), 'unsupported-algorithm', /must be absent/],
    [
      'HashSLH-DSA',
      wrapped(secret, encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.42')),
      'unsupported-algorithm',
      /HashSLH-DSA-SHAKE-128f-with-SHAKE128/,
    ],
  ];
  for (const [name, der, code, message] of cases)
    await t.rejects(keys.importPrivateKey(checkDer(der)), { code, message }, name);
});

t.test('a public key of another length is refused', async (t) => {
  const spki = checkDer(Uint8Array.from(rfc9909('pub')));
  t.equal(readPublicKey(spki, LENIENT).algorithm, 'slh-dsa-sha2-128s');
  spki.set([23], 14);
  t.throws(() => readPublicKey(spki), {
    code: 'invalid-public-key',
    message: /An SLH-DSA-SHA2-192f public key must have 48 octets, got 32/,
  });
});
