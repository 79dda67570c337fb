/** What keys/inspect says of keys of OpenSSL, of RFC 9881, and of keys with one fault each. */

import { generateKeyPairSync, hash } from 'node:crypto';
import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { rfc9881, rfc9881Text } from '../formats/rfc9881.ts';
import { partsOf, contentsOf, pkcs8 } from '../keys/key-parts.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const inspect = async (key: Uint8Array | string, other: object = {}) => {
  const text = typeof key === 'string' ? key : base64(key);
  const { statusCode, answer } = await post('/api/v1/keys/inspect', { key: text, ...other });
  return { status: statusCode, answer };
};
const skip = { skip: opensslMissing };

const made = async (words: string, input: Uint8Array | string = ''): Promise<Buffer> => {
  const { stdout, stderr, code } = await openssl(words.split(' '), { input });
  if (code !== 0) throw new Error(stderr);
  return stdout;
};

/** The names of the checks that are not passed. */
const failed = (answer: { checks: { check: string; passed: boolean }[] }): string[] =>
  answer.checks.filter(({ passed }) => !passed).map(({ check }) => check);

t.test('the forms of ML-DSA keys of OpenSSL', skip, async (t) => {
  const forms = { 'seed-only': 'seed', 'priv-only': 'expanded', 'seed-priv': 'both' };
  for (const set of ['44', '65', '87']) {
    const key = await made(`genpkey -algorithm ML-DSA-${set}`);
    const spki = await made('pkey -pubout -outform DER', key);
    for (const [format, key_format] of Object.entries(forms)) {
      const pem = await made(`pkey -provparam ml-dsa.output_formats=${format}`, key);
      const { status, answer } = await inspect(pem.toString());
      t.equal(status, 200);
      t.match(answer, {
        type: 'private-key',
        form: 'pkcs8',
        version: 0,
        algorithm: `ml-dsa-${set}`,
        key_format,
        valid: true,
        published: false,
      });
      t.equal(
        Buffer.from(answer.public_key, 'base64').toString(),
        (await made('pkey -pubout', key)).toString(),
      );
    }
    const { answer } = await inspect(spki);
    t.match(answer, { type: 'public-key', form: 'spki', algorithm: `ml-dsa-${set}`, valid: true });
    t.equal(answer.sizes.spki, spki.length);
  }
});

t.test('the identifiers of a key are those of OpenSSL', skip, async (t) => {
  const key = await made('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256');
  const text = await openssl(
    'req -x509 -new -key key -subj /CN=x -days 1 -addext subjectKeyIdentifier=hash -noout -text'.split(' '),
    { files: { key } },
  );
  const { answer } = await inspect(key.toString());
  const { key_identifiers: identifiers } = answer;
  t.match(text.stdout.toString(), `${identifiers.rfc5280_method_1}`);
  const spki = await made('pkey -pubout -outform DER', key);
  const colons = (octets: Buffer): string =>
    octets
      .toString('hex')
      .toUpperCase()
      .replace(/..(?=.)/g, '$&:');
  const bits = spki.subarray(-65);
  t.equal(identifiers.rfc7093_method_1, colons(hash('sha256', bits, 'buffer').subarray(0, 20)));
  t.equal(identifiers.rfc7093_method_2, colons(hash('sha384', bits, 'buffer').subarray(0, 20)));
  t.equal(identifiers.rfc7093_method_3, colons(hash('sha512', bits, 'buffer').subarray(0, 20)));
  t.equal(identifiers.rfc7093_method_4, colons(hash('sha256', spki, 'buffer')));
  t.match(identifiers.rfc5280_method_2, /^4[\dA-F](?::[\dA-F]{2}){7}$/);
  t.ok(identifiers.rfc5280_method_1.endsWith(identifiers.rfc5280_method_2.slice(3)));
});

t.test('classical keys in every form', skip, async (t) => {
  const rsa = await made('genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048');
  const rows: readonly (readonly [string, object, object?])[] = [
    [rsa.toString(), { form: 'pkcs8', algorithm: 'rsa-2048' }],
    [(await made('rsa -traditional', rsa)).toString(), { form: 'pkcs1', algorithm: 'rsa-2048' }],
    [
      (await made('pkcs8 -topk8 -passout pass:secret', rsa)).toString(),
      { form: 'encrypted-pkcs8', algorithm: 'rsa-2048' },
      { password: 'secret' },
    ],
    [
      (await made('ecparam -name prime256v1 -genkey -noout')).toString(),
      { form: 'sec1', algorithm: 'ecdsa-p256' },
    ],
    [(await made('genpkey -algorithm ed25519')).toString(), { form: 'pkcs8', algorithm: 'ed25519' }],
  ];
  for (const [key, expected, other] of rows) {
    const { answer } = await inspect(key, other);
    t.match(answer, { ...expected, valid: true, checks: [{ check: 'structure' }] });
  }
  t.match(await inspect(rows[2]?.[0] ?? '', { password: 'wrong' }), {
    status: 400,
    answer: { code: 'wrong-password', errors: [{ pointer: '/password' }] },
  });
  t.match(await inspect('9'.repeat(64)), {
    status: 400,
    answer: { errors: [{ pointer: '/key_algorithm' }] },
  });
  t.match(await inspect('9'.repeat(64), { key_algorithm: 'ML-DSA-44' }), {
    status: 200,
    answer: { form: 'raw', algorithm: 'ml-dsa-44', key_format: 'seed', valid: true },
  });
});

t.test('the keys of RFC 9881 are published', async (t) => {
  const { answer } = await inspect(rfc9881Text('ML-DSA-65-both.priv'));
  t.match(answer, { algorithm: 'ml-dsa-65', key_format: 'both', valid: false, published: true });
  t.same(failed(answer), ['not-published']);
});

t.test('the inconsistent keys of RFC 9881 appendix C.4 have the clause and the octet', async (t) => {
  for (const [file, check] of [
    ['bad-ML-DSA-44-1.priv', 'seed-expansion'],
    ['bad-ML-DSA-44-2.priv', 'expanded-key'],
    ['bad-ML-DSA-44-3.priv', 'expanded-key'],
  ] as const) {
    const { status, answer } = await inspect(rfc9881Text(file));
    t.equal(status, 200);
    t.equal(answer.valid, false);
    const fault = answer.checks.find((one: { passed: boolean }) => !one.passed);
    t.match(fault, { check, clause: /^RFC 9881 §8\.2/, message: String, offset: Number }, file);
    t.comment(`${file}: ${fault.message} (octet ${fault.offset})`);
  }
});

const BOTH = rfc9881('ML-DSA-44-both.priv');
const [, , privateKey] = partsOf(BOTH);
const [seed, expanded] = partsOf(contentsOf(privateKey)).map(contentsOf);
const ALGORITHM = ML_DSA_ALGORITHM['ml-dsa-44'];

/** A OneAsymmetricKey with these contents. */
const withChoice = (...choice: readonly Uint8Array[]): Uint8Array => pkcs8(ALGORITHM, der.concat(choice));
const both = (first: Uint8Array = Uint8Array.of(), second: Uint8Array = Uint8Array.of()): Uint8Array =>
  withChoice(der.sequence(der.octetString(first), der.octetString(second)));

t.test('a change in any part of the expanded key is found where it is', async (t) => {
  const start = Buffer.from(BOTH).indexOf(Buffer.from(expanded ?? []));
  const rows = { rho: 0, K: 32, tr: 64, s1: 128, s2: 512, t0: 896 };
  for (const [part, offset] of Object.entries(rows)) {
    const changed = Uint8Array.from(BOTH);
    changed[start + offset + 3] = (changed[start + offset + 3] ?? 0) ^ 1;
    const { answer } = await inspect(changed);
    const fault = answer.checks.find(({ check }: { check: string }) => check === 'seed-expansion');
    t.match(
      fault,
      { passed: false, message: new RegExp(`differ in ${part}$`), offset: start + offset },
      part,
    );
  }
});

t.test('a refused structure has the clause and the octet', async (t) => {
  const rows: readonly (readonly [Uint8Array, string, string, number])[] = [
    [withChoice(der.tlv(0x80, new Uint8Array(31))), 'private-key', 'RFC 9881 §6', 0],
    [withChoice(der.tlv(0xa0, der.octetString(seed ?? Uint8Array.of()))), 'private-key', 'RFC 9881 §6', 0],
    [both(expanded, seed), 'private-key', 'RFC 9881 §6', 0],
    [both(seed, expanded?.subarray(1)), 'private-key', 'RFC 9881 §6', 0],
    [
      der.sequence(
        der.unsignedInteger(7),
        ALGORITHM,
        der.octetString(der.tlv(0x80, seed ?? Uint8Array.of())),
      ),
      'structure',
      'RFC 5958 §2',
      2,
    ],
  ];
  for (const [key, check, clause, offset] of rows) {
    const { status, answer } = await inspect(key);
    t.equal(status, 200);
    const fault = answer.checks.find((one: { passed: boolean }) => !one.passed);
    t.match(fault, { check, clause });
    t.ok(fault.offset >= offset, `${fault.message} (octet ${fault.offset})`);
  }
  const wrong = pkcs8(ALGORITHM, der.tlv(0x80, seed ?? Uint8Array.of()), der.tlv(0x81, new Uint8Array(1313)));
  t.same(failed((await inspect(wrong)).answer), ['public-key', 'not-published']);
  const parameters = pkcs8(
    der.sequence(der.objectIdentifier('2.16.840.1.101.3.4.3.17'), der.octetString(Uint8Array.of(1))),
    der.tlv(0x80, seed ?? Uint8Array.of()),
  );
  t.same(failed((await inspect(parameters)).answer), ['algorithm', 'not-published']);
});

t.test('deviations are notes, and strict makes them faults', async (t) => {
  const bare = withChoice(seed ?? Uint8Array.of());
  const { answer } = await inspect(bare);
  t.match(answer, { key_format: 'seed', notes: [{ code: 'private-key-value', at: '/key' }] });
  t.ok(failed((await inspect(bare, { strict: true })).answer).includes('private-key'));
});

t.test('what is no key is refused at the member', async (t) => {
  for (const key of [rfc9881Text('ML-DSA-44.crt'), 'bm9uZQ==', '{"kty":"none"}'])
    t.match(await inspect(key), { status: 400, answer: { errors: [{ pointer: '/key' }] } });
});

t.test('a public JWK has the identifiers of its key', async (t) => {
  const pairs = [
    generateKeyPairSync('ml-dsa-44'),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ];
  for (const { publicKey } of pairs) {
    const { answer: expected } = await inspect(publicKey.export({ format: 'der', type: 'spki' }));
    const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }));
    const { answer } = await inspect(jwk);
    t.strictSame(answer, { ...expected, form: 'jwk' });
    const { answer: identified } = await post('/api/v1/identify', { data: jwk });
    t.match(identified.parts, [
      {
        type: 'jwk',
        facts: {
          algorithm: expected.algorithm,
          key_identifier: expected.key_identifiers.rfc7093_method_1,
          public_key_sha256: expected.key_identifiers.rfc7093_method_4,
        },
      },
    ]);
  }
  const { status, answer } = await inspect('{"kty":"OKP","crv":"Ed25519","x":"AA"}');
  t.equal(status, 400);
  t.match(answer, { errors: [{ pointer: '/key' }], detail: /member x of the JWK must have 32 octets/ });
});

t.test('a JWK can be an object', async (t) => {
  const { privateKey } = generateKeyPairSync('ml-dsa-44');
  const jwk = privateKey.export({ format: 'jwk' });
  const { answer } = await post('/api/v1/keys/inspect', { key: jwk });
  t.match(answer, { type: 'private-key', form: 'jwk', algorithm: 'ml-dsa-44', valid: true });
  const { answer: matched } = await post('/api/v1/keys/match', {
    private_key: jwk,
    public_key: answer.public_key,
  });
  t.match(matched, { match: true });
});
