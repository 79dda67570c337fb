/** Tokens that must be rejected. */

import { createHmac, createPublicKey } from 'node:crypto';
import {
  AUDIENCE,
  CLAIMS,
  ISSUER,
  makeKey,
  NOW,
  sign,
  type Claims,
  type SigningKey,
} from './token-issuer.ts';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Returns tokens by their fault. `keyOf` returns the published key of an algorithm. */
export async function forgeries(keyOf: (alg: string) => SigningKey): Promise<Map<string, string>> {
  const forged = new Map<string, string>();
  const add = (what: string, token: string) => void forged.set(what, token);
  const es = keyOf('ES256');
  const good = await sign(es);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const stranger = await makeKey('ES256');

  // T29: algorithms.
  for (const alg of ['none', 'None', 'NoNe', 'NONE', ''])
    add(`alg ${alg}`, `${encode({ alg, kid: 'ES256' })}.${payload}.`);
  add('no signature', `${header}.${payload}.`);
  add('a signature cut short', `${header}.${payload}.${signature.slice(0, -4)}`);
  add('a zero signature', `${header}.${payload}.${encode('\0'.repeat(64))}`);
  for (const { alg, jwk } of [keyOf('RS256'), keyOf('ML-DSA-65')]) {
    const secrets = {
      JWK: JSON.stringify(jwk),
      SPKI: createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
      raw: Buffer.from(jwk.n ?? jwk.pub ?? '', 'base64url'),
    };
    for (const [form, secret] of Object.entries(secrets)) {
      const signed = `${encode({ alg: 'HS256', kid: alg })}.${payload}`;
      add(
        `HS256 by the ${form} of ${alg}`,
        `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`,
      );
    }
  }
  add(
    'RS256 said to be PS256',
    (await sign(keyOf('RS256'))).replace(/^[^.]+/, encode({ alg: 'PS256', kid: 'RS256' })),
  );
  add('RS256 under the id of PS256', await sign(keyOf('RS256'), {}, { kid: 'PS256' }));
  add(
    'ML-DSA-65 said to be ML-DSA-44',
    (await sign(keyOf('ML-DSA-65'))).replace(/^[^.]+/, encode({ alg: 'ML-DSA-44', kid: 'ML-DSA-44' })),
  );
  add('an algorithm off the list', await sign(await makeKey('RS512', 'RS256')));
  add('the key of another issuer', await sign(stranger));

  // T30: claims and types.
  const claims: Readonly<Record<string, Claims>> = {
    'no exp': { exp: undefined },
    'exp in words': { exp: 'tomorrow' },
    'exp as text': { exp: String(NOW + 300) },
    'exp null': { exp: null },
    expired: { exp: NOW - 31 },
    'expired long ago': { exp: 0 },
    'not good yet': { nbf: NOW + 120 },
    'nbf as text': { nbf: String(NOW) },
    'no aud': { aud: undefined },
    'aud of another': { aud: 'https://other.example' },
    'aud empty': { aud: [] },
    'aud list of others': { aud: ['https://other.example', `${AUDIENCE}/`] },
    'aud in a list in a list': { aud: [[AUDIENCE]] },
    'aud longer': { aud: `${AUDIENCE}.evil.example` },
    'no iss': { iss: undefined },
    'iss longer': { iss: `${ISSUER}evil` },
    'iss without its slash': { iss: ISSUER.slice(0, -1) },
    'iss in capitals': { iss: ISSUER.toUpperCase() },
    'iss as a list': { iss: [ISSUER] },
  };
  const unchecked = async (given: Claims): Promise<string> => {
    const body = { ...CLAIMS, exp: NOW + 300, ...given };
    return signText(es, encode({ alg: 'ES256', kid: 'ES256' }), encode(body));
  };
  for (const [what, given] of Object.entries(claims)) add(what, await unchecked(given));
  for (const typ of ['id_token', 'dpop+jwt', 'logout+jwt', 'JWE', 'jwt2', ''])
    add(`typ ${typ}`, await sign(es, {}, { typ }));
  const head = (more: object) => encode({ alg: 'ES256', kid: 'ES256', ...more });
  add('an unknown critical member', await signText(es, head({ crit: ['exotic'], exotic: 1 }), payload));
  add('critical members that are none', await signText(es, head({ crit: [] }), payload));
  add('a payload that is not encoded', await signText(es, head({ b64: false, crit: ['b64'] }), payload));
  const twice = JSON.stringify({ ...CLAIMS, exp: NOW + 300 }).replace('{', '{"scope":"inspect",');
  add('a claim twice', await signText(es, head({}), encode(twice)));
  add(
    'a header member twice',
    await signText(es, encode('{"alg":"none","alg":"ES256","kid":"ES256"}'), payload),
  );
  const endless = JSON.stringify({ ...CLAIMS, exp: 0 }).replace('"exp":0', '"exp":1e400');
  add('exp endless', await signText(es, head({}), encode(endless)));
  for (const text of ['[]', '"text"', 'null', '{', ''])
    add(`claims ${text}`, await signText(es, head({}), encode(text)));

  // T31: the id of the key, and keys that the token brings.
  const { kid, ...own } = stranger.jwk;
  for (const id of ['../../dev/null', "' OR 1=1 --", '\u0000', '__proto__', 'k'.repeat(10_000), 7, null]) {
    add(`kid ${String(id).slice(0, 20)}`, await signText(stranger, head({ kid: id }), payload));
  }
  add('a key of its own', await sign(stranger, {}, { jwk: own }));
  add('keys from elsewhere', await sign(stranger, {}, { jku: 'http://127.0.0.1:9/jwks.json' }));
  add('a certificate from elsewhere', await sign(stranger, {}, { x5u: 'http://127.0.0.1:9/a.pem' }));
  add('its kid aside', await sign(stranger, {}, { kid: `${String(kid)} ` }));

  // Texts that are not a JWT.
  for (const text of [
    'a.b.c',
    '..',
    'a.b',
    `${good}.`,
    `${good}.${signature}`,
    `${header}.${payload}.${signature}=`,
    `.${payload}.${signature}`,
  ]) {
    add(`form ${text.slice(0, 20)}`, text);
  }
  return forged;
}

/** Signs claims that jose refuses to sign. */
async function signText(key: SigningKey, header: string, payload: string): Promise<string> {
  const input = `${header}.${payload}`;
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    key.privateKey,
    Buffer.from(input),
  );
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
