/** How the keys of an issuer are fetched, whatever it responds. */

import { errors, type JSONWebKeySet } from 'jose';
import t from 'tap';
import { createIssuerKeys } from '../../../plugins/auth/issuer-keys.ts';
import { ProblemError } from '../../../plugins/errors/problem.ts';
import {
  ask,
  guard,
  json,
  keySet,
  LET_IN,
  makeKey,
  publish,
  sign,
  type Answer,
  type SigningKey,
} from '../../support/token-issuer.ts';

const key = await makeKey('ES256');

t.test('200 tokens with unknown keys cost one fetch', async (t) => {
  const { url, fetches } = await publish(t, json(keySet(key)));
  const { app } = await guard(t, url);
  const stranger = await makeKey('ES256');
  const tokens = await Promise.all(
    Array.from({ length: 200 }, (_, i) => sign(stranger, {}, { kid: `kid-${i}` })),
  );
  const replies = await Promise.all(tokens.map((token) => ask(app, token)));
  t.same(new Set(replies.map(({ statusCode }) => statusCode)), new Set([401]));
  t.equal(fetches(), 1);
  t.comment(`T31: 200 tokens with unknown keys: ${fetches()} fetch`);
});

const FAILURES: readonly [string, Answer][] = [
  ['status 500', (_request, response) => response.writeHead(500).end('{}')],
  [
    'a redirect',
    (_request, response) => response.writeHead(302, { Location: 'http://169.254.169.254/' }).end(),
  ],
  ['a redirect to keys', (_request, response) => response.writeHead(307, { Location: '/jwks.json' }).end()],
  ['no JSON', (_request, response) => response.end('<html>')],
  ['no keys', json({ keys: 'none' })],
  ['a list', json([])],
  ['a reset', (request) => request.socket.destroy()],
];

t.test('while the keys cannot be fetched, the reply is 503 and no token is accepted', async (t) => {
  for (const [what, answer] of FAILURES) {
    const { url, fetches } = await publish(t, answer);
    const { app, log } = await guard(t, url, { API_KEYS: 'a-key' });
    for (let i = 0; i < 3; i++) {
      const reply = await ask(app, await sign(key));
      t.equal(reply.statusCode, 503, what);
      t.ok(reply.headers['retry-after'], 'the reply has Retry-After');
    }
    t.equal(fetches(), 1, 'and no second one for a while');
    t.equal(log.filter(({ msg }) => msg === 'the keys of JWKS_URL cannot be fetched').length, 1);
    t.equal((await ask(app, 'a-key')).statusCode, LET_IN, 'API keys are still valid');
  }
});

t.test('an endless response is cut off', async (t) => {
  let sent = 0;
  const { url } = await publish(t, (_request, response) => {
    const chunk = Buffer.alloc(65_536, ' ');
    const more = (): void => {
      while (sent < 100_000_000 && response.writable && response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', more);
    more();
  });
  const { app } = await guard(t, url);
  t.equal((await ask(app, await sign(key))).statusCode, 503);
  t.ok(sent < 20_000_000, `${sent} octets were sent`);
});

t.test('a missing response is not waited for long', async (t) => {
  const { url, fetches } = await publish(t, () => {});
  const { app } = await guard(t, url);
  const token = await sign(key);
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask(app, token)));
  t.same(new Set(replies.map(({ statusCode }) => statusCode)), new Set([503]));
  t.equal(fetches(), 1);
});

t.test('keys are added, removed, and used while the issuer is down', async (t) => {
  const [old, next] = await Promise.all([makeKey('ES256', 'old'), makeKey('ES256', 'next')]);
  const SECOND = 1000;
  const HOUR = 3600 * SECOND;
  let published: JSONWebKeySet | Error = keySet(old);
  let fetches = 0;
  let now = 0;
  const failures: unknown[] = [];
  const find = createIssuerKeys(
    async () => {
      fetches++;
      if (published instanceof Error) throw published;
      return published;
    },
    (error) => failures.push(error),
    () => now,
  );
  const outcome = async ({ alg, jwk }: SigningKey): Promise<string> => {
    try {
      await find({ alg, kid: jwk.kid }, { payload: '', signature: '' });
      return 'found';
    } catch (error) {
      if (error instanceof ProblemError) return error.problem.code;
      if (error instanceof errors.JWKSNoMatchingKey) return 'unknown';
      throw error;
    }
  };

  t.equal(await outcome(old), 'found');
  published = keySet(old, next);
  t.equal(await outcome(next), 'unknown', 'not fetched again so soon');
  now += 30 * SECOND;
  t.equal(await outcome(next), 'found', 'thirty seconds later');
  t.equal(fetches, 2);

  published = keySet(next);
  now += 599 * SECOND;
  t.equal(await outcome(old), 'found');
  now += 2 * SECOND;
  t.equal(await outcome(old), 'unknown', 'ten minutes later a removed key is rejected');

  published = new Error('down');
  now += HOUR;
  t.same([await outcome(next), await outcome(old)], ['found', 'unavailable'], 'known keys stay valid');
  const before = fetches;
  await outcome(next);
  t.equal(fetches, before, 'nothing is fetched within five seconds');
  now += 5 * SECOND;
  await outcome(next);
  t.equal(fetches, before + 1);
  now += 24 * HOUR;
  t.equal(await outcome(next), 'unavailable', 'for a day');
  published = keySet(next);
  now += 5 * SECOND;
  t.equal(await outcome(next), 'found');
  t.ok(failures.length > 0);
});
