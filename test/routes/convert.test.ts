import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { assert, asyncProperty, constantFrom, record } from 'fast-check';
import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, startApp } from '../support/service.ts';

const app = await startApp(t);

const PASSWORD = 'correct horse';

const post = (url: string, payload: object, headers = {}) =>
  app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers });

const convert = async (payload: object, headers = {}) => {
  const reply = await post('keys/convert', payload, headers);
  return { reply, body: reply.json() };
};

const generated = (await post('keys/generate', {})).json();
const key: string = generated.private_key;

/** What the routes write, and how it is read back. */
const FORMS: readonly (readonly [object, object?])[] = [
  [{ format: 'pkcs8' }],
  [{ format: 'pkcs8', encoding: 'der', key_format: 'both' }],
  [{ format: 'pkcs8', include_public_key: true }],
  [{ format: 'PrivateKeyInfo', encoding: 'DER' }],
  [{ format: 'encrypted-pkcs8', new_password: PASSWORD }, { password: PASSWORD }],
  [
    { format: 'encrypted-pkcs8', new_password: PASSWORD, kdf: 'scrypt', cipher: 'AES128' },
    { password: PASSWORD },
  ],
  [
    { format: 'encrypted-pkcs8', new_password: PASSWORD, cipher: 'aes-256-gcm', iterations: 1000 },
    { password: PASSWORD },
  ],
  [{ format: 'pkcs12', new_password: PASSWORD, friendly_name: 'Schlüssel' }, { password: PASSWORD }],
  [{ format: 'pfx', new_password: PASSWORD, mac: 'pbmac1' }, { password: PASSWORD }],
  [{ format: 'jwk' }],
  [{ format: 'raw' }, { key_algorithm: 'ml-dsa-65' }],
  [{ format: 'raw', encoding: 'hex' }, { key_algorithm: 'ML-DSA-65' }],
];

t.test('a key in every form becomes the same key again', async (t) => {
  for (const [wish, reading = {}] of FORMS) {
    const { reply, body } = await convert({ key, ...wish });
    t.equal(reply.statusCode, 200, JSON.stringify(wish));
    t.equal(body.public_key, generated.public_key);
    t.equal(body.key_algorithm, 'ml-dsa-65');
    const { body: back } = await convert({ key: body.private_key, ...reading });
    t.equal(back.private_key, key, JSON.stringify(wish));
  }
});

t.test('the reply is not stored, and names the file', async (t) => {
  const { reply, body } = await convert({ key, target: 'java' });
  t.equal(reply.headers['cache-control'], 'no-store');
  t.match(body, {
    format: 'pkcs8',
    encoding: 'der',
    key_format: 'expanded',
    media_type: 'application/pkcs8',
    file_name: 'key.p8',
    notes: [],
  });
});

t.test('Accept selects the file itself', async (t) => {
  const der = await post('keys/convert', { key }, { accept: 'application/pkcs8' });
  t.equal(der.headers['content-type'], 'application/pkcs8');
  t.equal(der.headers['content-disposition'], 'attachment; filename="key.p8"');
  t.match(der.headers['vary'], /Accept/);
  t.equal(der.rawPayload.length, 54);
  const pem = await post('keys/convert', { key }, { accept: 'application/x-pem-file' });
  t.equal(pem.body, pemOf(key).toString());
  const pfx = await post(
    'keys/convert',
    { key, format: 'pkcs12', new_password: 'x' },
    { accept: 'application/x-pkcs12' },
  );
  t.equal(pfx.rawPayload[0], 0x30);
  const other = await post('keys/convert', { key }, { accept: 'application/x-pkcs12' });
  t.equal(other.statusCode, 406);
  const contradiction = await post('keys/convert', { key, encoding: 'pem' }, { accept: 'application/pkcs8' });
  t.equal(contradiction.statusCode, 406);
});

t.test('what is not available is refused with its reason', async (t) => {
  const { body: expanded } = await convert({ key, key_format: 'expanded' });
  const { body: classical } = await convert({ key: createEd25519() });
  t.equal(classical.key_algorithm, 'ed25519');
  const cases: readonly (readonly [object, string, string, RegExp])[] = [
    [
      { key: expanded.private_key, key_format: 'seed' },
      'invalid-key-options',
      '',
      /cannot be computed from the expanded/,
    ],
    [{ key: expanded.private_key, format: 'jwk' }, 'invalid-key-options', '/format', /RFC 9964 has the seed/],
    [{ key, format: 'pkcs1' }, 'invalid-key-options', '/format', /for RSA keys/],
    [{ key, format: 'sec1' }, 'invalid-key-options', '/format', /elliptic curves/],
    [{ key, encoding: 'json' }, 'invalid-key-options', '/encoding', /must be pem or der, not json/],
    [{ key, format: 'pkcs12' }, 'invalid-key-options', '/new_password', /needs a password/],
    [
      { key, new_password: 'x' },
      'invalid-key-options',
      '/new_password',
      /encrypted-pkcs8 or pkcs12 only, not with pkcs8/,
    ],
    [{ key, mac: 'pbmac1' }, 'invalid-key-options', '/mac', /pkcs12 only/],
    [{ key, friendly_name: 'a' }, 'invalid-key-options', '/friendly_name', /pkcs12 only/],
    [{ key: classical.private_key, key_format: 'seed' }, 'invalid-key-options', '/key_format', /no seed/],
    [{ key: 'ab'.repeat(32) }, 'invalid-key-options', '/key_algorithm', /32 octets without a format/],
    [{ key: 'bm9uZQ==' }, 'invalid-encoding', '/key', /neither PEM nor DER/],
    [{ key: '{"kty":"oct","k":"AA"}' }, 'unsupported-algorithm', '/key', /kind oct/],
    [{ key: '{"kty":"AKP","alg":"ML-DSA-65","pub":"AA"}' }, 'invalid-private-key', '/key', /member pub/],
    [{ key: '{"kty":' }, 'invalid-encoding', '/key', /The JWK is not valid JSON/],
  ];
  for (const [body, code, pointer, message] of cases) {
    const { reply, body: problem } = await convert(body);
    t.equal(reply.statusCode, 400);
    t.match(problem, { code, detail: message }, JSON.stringify(problem));
    if (pointer !== '') t.match(problem.errors, [{ pointer }], pointer);
  }
});

t.test('a key without a seed is written expanded', async (t) => {
  const { body: expanded } = await convert({ key, key_format: 'expanded' });
  for (const wish of [{}, { target: 'openssl' }, { target: 'node' }, { format: 'raw' }]) {
    const { body } = await convert({ key: expanded.private_key, ...wish });
    t.equal(body.key_format, 'expanded');
  }
});

t.test('wrong and missing passwords', async (t) => {
  const { body } = await convert({ key, format: 'encrypted-pkcs8', new_password: PASSWORD });
  const missing = await convert({ key: body.private_key });
  t.match(missing.body, { code: 'encrypted-private-key', errors: [{ pointer: '/key' }] });
  const wrong = await convert({ key: body.private_key, password: 'other' });
  t.match(wrong.body, { code: 'wrong-password', errors: [{ pointer: '/password' }] });
});

const createEd25519 = (): string =>
  Buffer.from(
    createPrivateKey({
      key: {
        kty: 'OKP',
        crv: 'Ed25519',
        d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      },
      format: 'jwk',
    }).export({ format: 'der', type: 'pkcs8' }),
  ).toString('base64');

t.test('the parts of a key must belong together', async (t) => {
  const other = (await post('keys/generate', {})).json();
  const jwk = JSON.parse(
    Buffer.from((await convert({ key, format: 'jwk' })).body.private_key, 'base64').toString(),
  );
  const otherJwk = JSON.parse(
    Buffer.from(
      (await convert({ key: other.private_key, format: 'jwk' })).body.private_key,
      'base64',
    ).toString(),
  );
  const { body } = await convert({ key: JSON.stringify({ ...jwk, pub: otherJwk.pub }) });
  t.match(body, { code: 'invalid-private-key', detail: /must be that of the private key/ });
});

t.test('csr/sign reads an encrypted key with its password', { skip: opensslMissing }, async (t) => {
  const ca = (await post('certificate/generate', { subject: '/CN=CA', is_ca: true })).json();
  const { csr } = (await post('csr/generate', { subject: '/CN=a' })).json();
  const { stdout } = await openssl(['pkcs8', '-topk8', '-in', 'key', '-passout', `pass:${PASSWORD}`], {
    files: { key: pemOf(ca.private_key) },
  });
  const request = { csr, ca_certificate: ca.certificate, ca_private_key: stdout.toString('base64'), days: 1 };
  t.equal((await post('csr/sign', { ...request, ca_private_key_password: PASSWORD })).statusCode, 200);
  const wrong = await post('csr/sign', { ...request, ca_private_key_password: 'x' });
  t.match(wrong.json(), { code: 'wrong-password', errors: [{ pointer: '/ca_private_key_password' }] });
  const absent = await post('csr/sign', request);
  t.match(absent.json(), { code: 'encrypted-private-key', errors: [{ pointer: '/ca_private_key' }] });
});

t.test('a JWK can be an object', async (t) => {
  const { body } = await convert({ key, format: 'jwk' });
  const jwk = JSON.parse(octetsOf(body.private_key).toString());
  t.match(jwk, { kty: 'AKP', alg: 'ML-DSA-65' });
  t.equal((await convert({ key: jwk })).body.private_key, key);
  const { body: array } = await convert({ key: [jwk] });
  t.match(array, { code: 'invalid-request', errors: [{ pointer: '/key' }] });
  t.notMatch(JSON.stringify(array), jwk.priv);
  const { body: password } = await convert({ key, password: { a: jwk.priv } });
  t.match(password, { code: 'invalid-request', errors: [{ pointer: '/password' }] });
  t.notMatch(JSON.stringify(password), jwk.priv);
});

const octetsOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

t.test('Node.js reads the JWK as the same key', async (t) => {
  const { body } = await convert({ key, format: 'jwk' });
  const jwk: JsonWebKey = JSON.parse(octetsOf(body.private_key).toString());
  const read = createPrivateKey({ key: jwk, format: 'jwk' });
  t.equal(read.equals(createPrivateKey(pemOf(key))), true);
});

const formats = constantFrom('seed', 'expanded', 'both');
const algorithms = ['ml-dsa-44', 'ml-dsa-87', 'ecdsa-p521', 'ed25519', 'rsa-2048'] as const;

t.test('property: there and back is the identity', async (t) => {
  const { domain } = await openDomain(t);
  const keys = await Promise.all(algorithms.map((name) => domain.keys.generate(name)));
  const sources = await Promise.all(
    keys.map(async (one) => ({
      source: Buffer.from(await one.exportPkcs8()).toString('base64'),
      isMlDsa: one.publicKey.family === 'ml-dsa',
    })),
  );
  await assert(
    asyncProperty(
      record({
        from: constantFrom(...sources),
        wish: constantFrom(...FORMS.slice(0, -2)),
        key_format: formats,
      }),
      async ({ from: { source, isMlDsa }, wish: [wish, reading], key_format }) => {
        const there = await convert({ key: source, ...(isMlDsa && { key_format }), ...wish });
        if (there.reply.statusCode === 400) return there.body.code === 'invalid-key-options';
        const back = await convert({ key: there.body.private_key, ...reading, encoding: 'der' });
        const seedless = there.body.key_format === 'expanded';
        return seedless ? back.body.public_key === there.body.public_key : back.body.private_key === source;
      },
    ),
    { numRuns: 60 },
  );
});
