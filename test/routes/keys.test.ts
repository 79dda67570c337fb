import t from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, startApp } from '../support/service.ts';

const app = await startApp(t);

const generate = async (body?: object) => {
  const reply = await app.inject({
    method: 'POST',
    url: '/api/v1/keys/generate',
    ...(body && { payload: body }),
  });
  return { reply, keys: reply.json() };
};

t.test('a key pair is made from no body at all, from an empty one and from {}', async (t) => {
  const json = { 'content-type': 'application/json' };
  for (const request of [{}, { headers: json }, { headers: json, payload: '' }, { payload: {} }]) {
    const reply = await app.inject({ method: 'POST', url: '/api/v1/keys/generate', ...request });
    t.equal(reply.statusCode, 200);
    const keys = reply.json();
    t.same(Object.keys(keys).toSorted(), ['key_format', 'private_key', 'public_key', 'security_level']);
    t.equal(keys.security_level, 'ml-dsa-65');
    t.equal(keys.key_format, 'seed');
  }
});

t.test('a body that is null is not an absent one', async (t) => {
  const headers = { 'content-type': 'application/json' };
  const reply = await app.inject({ method: 'POST', url: '/api/v1/keys/generate', headers, payload: 'null' });
  t.equal(reply.statusCode, 400);
});

t.test('a reply with a private key is stored nowhere on its way', async (t) => {
  const { reply } = await generate();
  t.equal(reply.headers['cache-control'], 'no-store');
  t.equal(reply.headers.etag, undefined);
  t.match(reply.headers['content-type'], /^application\/json/);
});

/** Octets of the DER of each form (RFC 9881 appendix C.1). */
const LENGTHS = {
  'ml-dsa-44': { seed: 54, expanded: 2588, both: 2626 },
  'ml-dsa-65': { seed: 54, expanded: 4060, both: 4098 },
  'ml-dsa-87': { seed: 54, expanded: 4924, both: 4962 },
};

t.test('OpenSSL reads every level in every form', { skip: opensslMissing }, async (t) => {
  for (const [security_level, forms] of Object.entries(LENGTHS)) {
    for (const [key_format, length] of Object.entries(forms)) {
      const { keys } = await generate({ security_level, key_format });
      t.equal(keys.security_level, security_level);
      t.equal(keys.key_format, key_format);
      const files = { key: pemOf(keys.private_key) };
      const checked = await openssl(['pkey', '-in', 'key', '-check', '-noout', '-text'], { files });
      t.equal(checked.code, 0, `${security_level} ${key_format}`);
      t.match(checked.stdout.toString(), new RegExp(security_level, 'i'));
      const derived = await openssl(['pkey', '-in', 'key', '-pubout'], { files });
      t.equal(derived.stdout.toString(), pemOf(keys.public_key).toString(), 'the public key belongs to it');
      const body = pemOf(keys.private_key)
        .toString()
        .replace(/-----.*-----/g, '');
      t.equal(Buffer.from(body, 'base64').length, length);
    }
  }
});
