/** Which access tokens are valid. */

import type { JWTHeaderParameters } from 'jose';
import t from 'tap';
import { forgeries } from '../../support/forged-tokens.ts';
import {
  ask,
  AUDIENCE,
  guard,
  json,
  keySet,
  LET_IN,
  makeKey,
  NOW,
  publish,
  sign,
  type Claims,
  type SigningKey,
} from '../../support/token-issuer.ts';

const ALGORITHMS = [
  'RS256',
  'PS256',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
];
const keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg)));
const keyOf = (alg: string): SigningKey => {
  const key = keys.find((key) => key.alg === alg);
  if (key === undefined) throw new Error(alg);
  return key;
};

t.test('a token of the issuer gives access by its scope, with every supported algorithm', async (t) => {
  const { url, fetches } = await publish(t, json(keySet(...keys)));
  const { app, log } = await guard(t, url, { API_KEYS: 'a-key' });
  for (const key of keys) {
    const token = await sign(key);
    t.equal((await ask(app, token)).statusCode, LET_IN, key.alg);
    t.comment(`T33: ${key.alg}: a token of ${token.length} octets`);
  }
  t.equal(fetches(), 1);
  t.equal((await ask(app, 'a-key')).statusCode, LET_IN, 'a key goes on to be good');
  t.notMatch(JSON.stringify(log), /eyJ/, 'no token is logged');
});

t.test('valid variations of a token', async (t) => {
  const { url } = await publish(t, json(keySet(...keys)));
  const { app } = await guard(t, url);
  const key = keyOf('ES256');
  const good: readonly [string, Claims, Partial<JWTHeaderParameters>?][] = [
    ['one of several audiences', { aud: ['https://other.example', AUDIENCE] }],
    ['expired within the tolerance', { exp: NOW - 5 }],
    ['good since the tolerance', { nbf: NOW + 5 }],
    ['type JWT', {}, { typ: 'JWT' }],
    ['type with its tree', {}, { typ: 'application/at+jwt' }],
    ['no type', {}, { typ: undefined }],
    ['no key id where one key fits', {}, { kid: undefined }],
    ['no subject', { sub: undefined }],
  ];
  for (const [what, claims, header] of good) {
    t.equal((await ask(app, await sign(key, claims, header))).statusCode, LET_IN, what);
  }
});

t.test('a request without the scope is rejected, and the reply names the scope', async (t) => {
  const { url } = await publish(t, json(keySet(...keys)));
  const { app } = await guard(t, url);
  const scopes = [
    undefined,
    '',
    'openid',
    'keys',
    'KEYS:GENERATE',
    'keys:generate,inspect',
    ['keys:generate'],
    7,
  ];
  for (const scope of scopes) {
    const reply = await ask(app, await sign(keyOf('EdDSA'), { scope }));
    t.equal(reply.statusCode, 403, String(scope));
    t.match(reply.headers['www-authenticate'], 'error="insufficient_scope", scope="keys:generate"');
  }
});

t.test('forged, expired and foreign tokens are rejected', async (t) => {
  const { url, fetches } = await publish(t, json(keySet(...keys)));
  const { app, log } = await guard(t, url);
  t.equal((await ask(app, await sign(keyOf('ES256')))).statusCode, LET_IN, 'the issuer is known');
  const corpus = await forgeries(keyOf);
  let accepted = 0;
  for (const [what, token] of corpus) {
    const reply = await ask(app, token);
    if (reply.statusCode !== 401) accepted++;
    t.equal(reply.statusCode, 401, what);
    t.match(reply.headers['www-authenticate'], /error="invalid_token"/);
    t.equal(reply.json().error, 'Invalid or missing API key');
  }
  t.equal(fetches(), 1, 'none made the service fetch');
  t.notMatch(JSON.stringify(log), /eyJ/);
  t.comment(`T29, T30: ${corpus.size} tokens, ${accepted} accepted`);
  t.ok(corpus.size >= 60);
  const asKey = await app.inject({
    method: 'POST',
    url: '/api/v1/keys/generate',
    headers: { 'x-api-key': await sign(keyOf('ES256')) },
  });
  t.equal(asKey.statusCode, 401, 'a token is no API key');
});
