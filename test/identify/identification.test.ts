/** What OpenSSL writes is identified, in every encoding. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../src/base/root.ts';
import * as der from '../../src/formats/der/writer.ts';
import { readPkcs12 } from '../../src/formats/pkcs12/read-pkcs12.ts';
import { identify } from '../../src/identify/identification.ts';
import { MAX_PARTS } from '../../src/identify/found.ts';
import { ADVICE, PART_TYPES, relationOf } from '../../src/identify/part-types.ts';
import { octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { madeByOpenssl } from '../support/identified.ts';
import { countTurns } from '../support/turns.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const { keys } = await openDomain(t);
const skip = { skip: opensslMissing };

const parts = async (data: Uint8Array | string) => (await identify(keys, Buffer.from(data))).parts;
const types = async (data: Uint8Array | string) => (await parts(data)).map(({ type }) => type);

const made = opensslMissing === false ? await madeByOpenssl() : {};
const file = (name: string): Buffer => made[name]?.content ?? Buffer.of();

t.test('every file of OpenSSL is identified', skip, async (t) => {
  for (const [name, { content, type }] of Object.entries(made)) {
    const [part] = await parts(content);
    t.equal(part?.type, type, name);
    t.equal(part?.problem, undefined, name);
  }
});

t.test('facts say what is inside', skip, async (t) => {
  const first = async (name: string) => (await parts(file(name)))[0]?.facts;
  const certificate = await first('ml-dsa.crt');
  t.match(certificate, { subject: '/CN=ml-dsa', issuer: '/CN=ml-dsa', algorithm: 'ml-dsa-65', isCa: true });
  t.match(await first('ml-dsa.key'), {
    algorithm: 'ml-dsa-65',
    form: 'both',
    publicKeyFingerprint: certificate?.publicKeyFingerprint,
    keyIdentifier: certificate?.keyIdentifier,
  });
  t.match(await first('ml-dsa.csr'), { subject: '/CN=ml-dsa', algorithm: 'ml-dsa-65' });
  t.match(await first('ml-dsa.crl'), { issuer: '/CN=ml-dsa', entries: 1, signatureAlgorithm: 'ML-DSA-65' });
  t.match(await first('pbkdf2.key'), {
    encryption: 'PBES2 with PBKDF2-HMAC-SHA-256 (2,048 iterations) and AES-256-CBC',
  });
  t.match(await first('scrypt.key'), {
    encryption: 'PBES2 with scrypt (N = 16384, r = 8, p = 1) and AES-256-CBC',
  });
  t.match(await first('old-pem.key'), { encryption: 'AES-128-CBC' });
  t.match(await first('rsa.p12'), {
    integrity: 'HMAC with SHA-256 (2,048 iterations)',
    encryption: /^PBES2 with PBKDF2/,
  });
  t.match(await first('pbmac1.p12'), { integrity: /^PBMAC1 with PBKDF2-HMAC-SHA-/ });
  t.match(await first('rsa.ocsp-response'), { contents: ['successful', /^serial number [\dA-F]+: good$/] });
});

t.test('what is inside of a container is a part', skip, async (t) => {
  t.same(await types(file('open.p12')), ['pkcs12', 'certificate', 'private-key']);
  const [, certificate, key] = await parts(file('open.p12'));
  t.match(certificate, { inside: 0, facts: { publicKeyFingerprint: key?.facts.publicKeyFingerprint } });
  t.same(await types(file('rsa.p7b')), ['pkcs7', 'certificate']);
});

t.test('the encodings are undone and named', skip, async (t) => {
  const pem = file('ml-dsa.crt');
  const { stdout } = await openssl('x509 -outform DER'.split(' '), { input: pem });
  const base64url = stdout.toString('base64url');
  const rows: readonly (readonly [Uint8Array | string, readonly string[]])[] = [
    [pem, ['PEM', 'DER']],
    [stdout, ['DER']],
    [pem.toString('base64'), ['base64', 'PEM', 'DER']],
    [stdout.toString('base64'), ['base64', 'DER']],
    [` ${stdout.toString('base64').replace(/=+$/, '')}\r\n`, ['base64', 'DER']],
    [base64url, [/[-_]/.test(base64url) ? 'base64url' : 'base64', 'DER']],
    [stdout.toString('hex'), ['hexadecimal', 'DER']],
    [stdout.toString('hex').replace(/..(?=.)/g, '$&:'), ['hexadecimal', 'DER']],
    [stdout.toString('hex').replace(/(.{32})/g, '$1\n'), ['hexadecimal', 'DER']],
    [Buffer.from(`\ufeff${pem.toString()}`, 'utf16le'), ['UTF-16', 'PEM', 'DER']],
    [Buffer.from(pem.toString(), 'utf16le'), ['UTF-16', 'PEM', 'DER']],
    [Buffer.from(`\ufeff${pem.toString()}`, 'utf16le').swap16(), ['UTF-16', 'PEM', 'DER']],
  ];
  for (const [data, encodings] of rows)
    t.match(await parts(data), [{ type: 'certificate', encodings, size: stdout.length }], encodings.join());
});

t.test('several blocks and several values are parts', skip, async (t) => {
  const text = Buffer.concat([file('ml-dsa.crt'), Buffer.from('Bag Attributes\n'), file('ml-dsa.key')]);
  t.same(await types(text), ['certificate', 'private-key']);
  const request = await openssl('req -outform DER'.split(' '), { input: file('ml-dsa.csr') });
  t.same(await types(Buffer.concat([request.stdout, request.stdout, Buffer.from('\n')])), [
    'certificate-request',
    'certificate-request',
  ]);
  const many = await identify(
    keys,
    Buffer.from(
      file('rsa.pub')
        .toString()
        .repeat(MAX_PARTS + 1),
    ),
  );
  t.equal(many.parts.length, MAX_PARTS);
  t.equal(many.isComplete, false);
  t.equal((await identify(keys, Buffer.from(file('rsa.pub').toString().repeat(MAX_PARTS)))).isComplete, true);
});

t.test('requests and certificates of real programs are identified', async (t) => {
  const folder = join(ROOT, 'test/vectors/programs');
  for (const name of readdirSync(folder).filter((name) => /\.(?:csr|pem)$/.test(name))) {
    const [part] = await parts(readFileSync(join(folder, name)));
    t.equal(part?.type, name.endsWith('.csr') ? 'certificate-request' : 'certificate', name);
    t.equal(part?.problem, undefined, name);
  }
});

const SSH = 'AAAAC3NzaC1lZDI1NTE5AAAAIDU3d1gPwmPn1kSxFlFFU5mLyhAiS0UeQT3eXrkiNHrm';

t.test('what belongs to another system is named', async (t) => {
  const rows: readonly (readonly [Uint8Array | string, string])[] = [
    [`ssh-ed25519 ${SSH} me@example.com`, 'ssh-public-key'],
    [`command="ls" ssh-ed25519 ${SSH}`, 'ssh-public-key'],
    [`ssh-ed25519-cert-v01@openssh.com ${SSH}`, 'ssh-certificate'],
    [SSH, 'ssh-public-key'],
    ['---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----', 'ssh-public-key'],
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----',
      'ssh-private-key',
    ],
    ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'putty-key'],
    ['-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----', 'pgp'],
    [octets('99 01 0d 04 5f 00 00 00'), 'pgp'],
    ['AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQ', 'age'],
    ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p', 'age'],
    [octets('fe ed fe ed 00 00 00 02'), 'java-keystore'],
    ['eyJhbGciOiJFUzI1NiJ9.e30.AAAA', 'json-web-token'],
    ['-----BEGIN TSS2 PRIVATE KEY-----\nMAA=\n-----END TSS2 PRIVATE KEY-----', 'vendor-key'],
    ['<!DOCTYPE html><title>404</title>', 'document'],
    [octets('1f 8b 08 00 00 00 00 00'), 'archive'],
    ['{"certificate":"LS0t"}', 'json'],
    ['{"kty":"OKP","crv":"Ed25519","x":"AA"}', 'jwk'],
    ['{"keys":[{"kty":"OKP"}]}', 'jwk-set'],
    [new Uint8Array(1952).fill(7), 'raw-key'],
    ['hello world, this is no key at all', 'unknown'],
    [octets('00 01 02 03 04'), 'unknown'],
    [' ', 'unknown'],
  ];
  for (const [data, type] of rows) t.same(await types(data), [type], String(data).slice(0, 30));
});

t.test('unknown data are shown by their first octet only', async (t) => {
  const [text] = await parts('{{{ secret');
  t.match(text, { type: 'json' });
  t.match((await parts('secret!'))[0]?.facts, { begins: 'text that begins with 73 (s)' });
  t.match((await parts(octets('9a 01 02')))[0]?.facts, { begins: 'binary data that begins with 9A' });
  t.match((await parts(new Uint8Array(32).fill(0x81)))[0]?.facts, { possibly: /seed of an ML-DSA key/ });
});

t.test('a damaged part has the reason, and the others are read', skip, async (t) => {
  const good = file('ml-dsa.crt').toString();
  const damaged = good.replace(/\n(?=[A-Z])/, '\n!');
  const [first, second] = await parts(damaged + good);
  t.match(first, { type: 'certificate', problem: { code: 'invalid-encoding', message: /not base64/ } });
  t.match(second, { type: 'certificate', problem: undefined, facts: { subject: '/CN=ml-dsa' } });
  const { stdout } = await openssl('x509 -outform DER'.split(' '), { input: file('ml-dsa.crt') });
  t.match(await parts(stdout.subarray(0, 100)), [
    { type: 'unknown', problem: { code: 'invalid-der', where: 'octet 1' } },
  ]);
  const wrong = good.replaceAll('CERTIFICATE', 'PRIVATE KEY');
  t.match(await parts(wrong), [
    { type: 'certificate', problem: { message: /label is PRIVATE KEY/ }, facts: { subject: '/CN=ml-dsa' } },
  ]);
  t.match(await parts(good.replace('-----END CERTIFICATE-----', '')), [
    { type: 'unknown', problem: { message: /END CERTIFICATE/ } },
  ]);
});

t.test('a long structure is named and not described', async (t) => {
  const long = der.sequence(
    der.sequence(der.objectIdentifier('1.2.3.4'), der.octetString(new Uint8Array(140_000))),
    der.bitString(new Uint8Array(32)),
  );
  t.match(await parts(long), [{ type: 'public-key', problem: { message: /131072 octets/ }, facts: {} }]);
});

t.test('an RSA key with wrong numbers has the reason', skip, async (t) => {
  const { stdout } = await openssl('pkey -outform DER'.split(' '), { input: file('rsa.key') });
  stdout[100] = (stdout[100] ?? 0) ^ 1;
  const [part] = await parts(stdout);
  t.match(part, { type: 'private-key', problem: { code: 'invalid-private-key' } });
});

t.test('an OCSP request that the responder refuses has the reason', async (t) => {
  const sha1 = der.sequence(der.objectIdentifier('1.3.14.3.2.26'), der.nullValue());
  const hashOf = der.octetString(new Uint8Array(20));
  const request = (...after: readonly Uint8Array[]) =>
    der.sequence(der.sequence(sha1, hashOf, hashOf, der.unsignedInteger(7)), ...after);
  const file = (...requests: readonly Uint8Array[]) => der.sequence(der.sequence(der.sequence(...requests)));
  t.match(await parts(file(request(), request())), [
    {
      type: 'ocsp-request',
      facts: { contents: ['serial number 07', 'serial number 07'] },
      problem: undefined,
    },
  ]);
  t.match(await parts(file(request(), request(der.nullValue()))), [
    { type: 'ocsp-request', problem: { message: /unexpected member after the last one/ } },
  ]);
});

t.test('many long safes of a PKCS #12 file are read with pauses', async (t) => {
  const data = der.objectIdentifier('1.2.840.113549.1.7.1');
  const dataInfo = (content: Uint8Array) =>
    der.sequence(data, der.contextConstructed(0, der.octetString(content)));
  const bag = der.sequence(der.objectIdentifier('1.2.3'), der.contextConstructed(0, der.nullValue()));
  const safe = dataInfo(der.sequence(...Array<Uint8Array>(2_000).fill(bag)));
  const safes = Array<Uint8Array>(250).fill(safe);
  const file = der.sequence(der.unsignedInteger(3), dataInfo(der.sequence(...safes)));
  const turns = countTurns();
  const identified = await types(file);
  const count = turns.end();
  t.ok(count > 40, `${count} turns`);
  t.same(identified, ['pkcs12']);
  const ofReading = countTurns();
  await t.rejects(readPkcs12(file, new Uint8Array()), { message: /must have one private key, and it has 0/ });
  const later = ofReading.end();
  t.ok(later >= 40, `${later} turns`);
});

t.test('each type has words, and a relation', (t) => {
  for (const type of PART_TYPES) {
    t.match(ADVICE[type].title, /^(?:an? |octets |parameters |JSON |unknown )/);
    t.match(ADVICE[type].next, /^[A-Z].*[.]$|^age /);
  }
  t.equal(relationOf('certificate'), 'supported');
  t.equal(relationOf('ocsp-request'), 'related');
  t.equal(relationOf('age'), 'foreign');
  t.end();
});
