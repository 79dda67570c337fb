/** Keys in the forms of `tolerated-keys.ts` are read, noted, and written as the standards require. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import t from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';
import { createKeys } from '../../src/keys/keys.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import { isCanonicalKey, isSameKey, readPublicKey } from '../../src/keys/public-key.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { bitsOf, pkcs8Of, spkiOf } from './key-parts.ts';
import { PRIVATE_KEYS, pssKey, PUBLIC_KEYS, type HashName } from './tolerated-keys.ts';

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
