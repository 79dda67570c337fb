/** Every form of a private key that OpenSSL writes is read as the same PKCS #8. */

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { readKeyFile } from '../../../src/formats/private-keys/key-file.ts';
import type { RawAlgorithm } from '../../../src/formats/private-keys/raw-private-key.ts';
import { createReading } from '../../../src/formats/reading.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';

const PASSWORD = 'pässword 1';
const password = Buffer.from(PASSWORD);

const lenient = () => createReading({ isStrict: false });

async function made(
  args: readonly string[],
  files: Record<string, Uint8Array | string> = {},
): Promise<Buffer> {
  const { code, stdout, stderr } = await openssl(args, { files });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

const pkcs8Of = async (text: Uint8Array | string, options = {}) => {
  const { form, pkcs8 } = await readKeyFile(Buffer.from(text), options, lenient());
  return { form, pkcs8: Buffer.from(pkcs8) };
};

const seed = await (opensslMissing ? Buffer.alloc(0) : made(['genpkey', '-algorithm', 'ML-DSA-65']));

t.test('PKCS #8 that OpenSSL encrypts', { skip: opensslMissing }, async (t) => {
  const plain = await made(['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-outform', 'DER'], {
    'key.pem': seed,
  });
  const variants = [
    ['-v2', 'aes-128-cbc'],
    ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA1'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA224'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA384'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '100000'],
    ['-v1', 'PBE-SHA1-3DES'],
    ['-scrypt'],
  ];
  for (const variant of variants) {
    const base = ['pkcs8', '-topk8', '-in', 'key.pem', '-passout', `pass:${PASSWORD}`, ...variant];
    const pem = await made(base, { 'key.pem': seed });
    const encrypted = await made([...base, '-outform', 'DER'], { 'key.pem': seed });
    for (const text of [
      pem,
      pem.toString('base64'),
      encrypted.toString('base64'),
      encrypted.toString('base64url'),
    ])
      t.strictSame(
        await pkcs8Of(text, { password }),
        { form: 'encrypted-pkcs8', pkcs8: plain },
        variant.join(' '),
      );
    await t.rejects(pkcs8Of(pem, { password: Buffer.from('other') }), { code: 'wrong-password' });
    await t.rejects(pkcs8Of(pem), { code: 'encrypted-private-key' });
  }
});

t.test('PKCS #12 that OpenSSL writes', { skip: opensslMissing }, async (t) => {
  const files = { 'key.pem': seed };
  const certificate = await made(['req', '-x509', '-key', 'key.pem', '-subj', '/CN=a', '-days', '1'], files);
  const plain = await made(['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-outform', 'DER'], files);
  const variants = [
    [],
    ['-macalg', 'sha1'],
    ['-macalg', 'sha384', '-iter', '10000', '-maciter'],
    ['-macalg', 'sha512'],
    ['-pbmac1_pbkdf2', '-pbmac1_pbkdf2_md', 'sha512', '-macalg', 'sha256'],
    ['-nomac'],
    ['-keypbe', 'AES-128-CBC', '-certpbe', 'NONE'],
    ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ['-keypbe', 'NONE', '-certpbe', 'NONE'],
  ];
  for (const variant of variants) {
    const pfx = await made(
      [
        'pkcs12',
        '-export',
        '-in',
        'crt.pem',
        '-inkey',
        'key.pem',
        '-passout',
        `pass:${PASSWORD}`,
        ...variant,
      ],
      { ...files, 'crt.pem': certificate },
    );
    const read = await readKeyFile(Buffer.from(pfx.toString('base64')), { password }, lenient());
    t.equal(read.form, 'pkcs12', variant.join(' '));
    t.strictSame(Buffer.from(read.pkcs8), plain);
    t.equal(read.certificates.length, 1);
    if (!variant.includes('NONE') && !variant.includes('-nomac'))
      await t.rejects(pkcs8Of(pfx.toString('base64'), { password: Buffer.from('x') }), {
        code: 'wrong-password',
      });
  }
  const empty = await made(
    ['pkcs12', '-export', '-in', 'crt.pem', '-inkey', 'key.pem', '-passout', 'pass:'],
    { ...files, 'crt.pem': certificate },
  );
  t.strictSame(await pkcs8Of(empty.toString('base64')), { form: 'pkcs12', pkcs8: plain });
});

t.test('JWK that node:crypto writes', async (t) => {
  const pairs = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-521' }),
    generateKeyPairSync('ed25519'),
  ];
  for (const { privateKey } of pairs) {
    const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: '1', key_ops: ['sign'] });
    for (const text of [jwk, Buffer.from(jwk).toString('base64')]) {
      const { form, pkcs8 } = await pkcs8Of(text);
      t.equal(form, 'jwk');
      t.ok(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).equals(privateKey));
    }
  }
});

t.test('traditional keys, and raw keys', async (t) => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  t.equal((await pkcs8Of(ec.export({ format: 'pem', type: 'sec1' }))).form, 'sec1');
  t.equal((await pkcs8Of(rsa.export({ format: 'pem', type: 'pkcs1' }))).form, 'pkcs1');
  t.equal((await pkcs8Of(rsa.export({ format: 'der', type: 'pkcs1' }).toString('base64'))).form, 'pkcs1');
  const raw = Buffer.alloc(32, 0xab);
  for (const algorithm of ['ml-dsa-44', 'ed25519'] satisfies RawAlgorithm[])
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      t.equal((await pkcs8Of(raw.toString(encoding), { algorithm })).form, 'raw', encoding);
  await t.rejects(pkcs8Of(raw.toString('hex')), { code: 'invalid-key-options', path: ['algorithm'] });
  // A random octet is a brace once in 256 keys.
  const braced = Buffer.concat([Buffer.from(' {'), raw.subarray(2)]);
  const read = await pkcs8Of(braced.toString('base64'), { algorithm: 'ml-dsa-44' });
  t.equal(read.form, 'raw');
  t.ok(read.pkcs8.includes(braced));
  await t.rejects(
    pkcs8Of(rsa.export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase: 'x' })),
    { code: 'encrypted-private-key' },
  );
});
