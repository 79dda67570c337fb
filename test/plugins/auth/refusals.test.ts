/** Why a request is not authenticated: the log has the reason, and the reply is the same for each. */

import type { FastifyInstance, InjectOptions } from 'fastify';
import t from 'tap';
import { keyFile, makeKey } from '../../support/api-keys.ts';
import { buildEdge, type Edge } from '../../support/edge.ts';
import {
  guard,
  json,
  keySet,
  makeKey as makeSigningKey,
  NOW,
  publish,
  sign,
} from '../../support/token-issuer.ts';

const ask = (app: FastifyInstance, headers: InjectOptions['headers'] = {}) =>
  app.inject({ method: 'POST', url: '/api/v1/keys/generate', headers });

const lastReason = ({ log }: Edge): unknown => log.findLast(({ msg }) => msg === 'request')?.['reason'];

const HOUR = 3_600_000;

t.test('the log says why a key is not accepted, and the caller gets one reply for all', async (t) => {
  const expired = makeKey(['keys:generate'], { name: 'old', notAfter: new Date(Date.now() - HOUR) });
  const live = makeKey(['keys:generate'], { name: 'new', notAfter: new Date(Date.now() + HOUR) });
  const { path } = keyFile(t, expired.key, live.key);
  const edge = await buildEdge(t, { API_KEYS_FILE: path, LOG_LEVEL: 'info' });
  const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln';
  const rejected: readonly [InjectOptions['headers'], string][] = [
    [{}, 'missing'],
    [{ 'x-api-key': '' }, 'missing'],
    [{ 'x-api-key': 'guess' }, 'unknown'],
    [{ 'x-api-key': `${live.text}x` }, 'unknown'],
    [{ authorization: 'Bearer guess' }, 'unknown'],
    [{ authorization: `Bearer ${jwt}` }, 'unknown'],
    [{ 'x-api-key': expired.text }, 'expired'],
    [{ authorization: `Bearer ${expired.text}` }, 'expired'],
    [{ authorization: `Basic ${live.text}` }, 'wrong scheme'],
    [{ authorization: live.text }, 'wrong scheme'],
    [{ authorization: 'Bearer' }, 'wrong scheme'],
    [{ 'x-api-key': jwt }, 'wrong scheme'],
  ];
  const bodies = new Set<string>();
  for (const [headers, reason] of rejected) {
    const reply = await ask(edge.app, headers);
    t.equal(reply.statusCode, 401);
    t.equal(lastReason(edge), reason, JSON.stringify(headers));
    const { instance: _, ...problem } = reply.json();
    bodies.add(JSON.stringify(problem));
    t.notMatch(JSON.stringify(reply.headers), /expired|unknown|scheme/);
  }
  t.equal(bodies.size, 1, 'the reply does not depend on the reason');
  t.match(JSON.parse([...bodies].join('')), {
    error: 'Invalid or missing API key',
    detail: 'Invalid or missing API key',
    hint: 'Send X-API-Key: <key>, or Authorization: Bearer <key>',
  });
  t.equal((await ask(edge.app, { 'x-api-key': live.text })).statusCode, 500, 'the live key is accepted');
  t.equal(lastReason(edge), undefined);
});

t.test('the log says why an access token is not accepted', async (t) => {
  const key = await makeSigningKey('ES256');
  const other = await makeSigningKey('ES256', 'ES256');
  const { url } = await publish(t, json(keySet(key)));
  const edge = await guard(t, url);
  const rejected: readonly [string, string][] = [
    [await sign(key, { exp: NOW - 300 }), 'expired'],
    [await sign(key, { nbf: NOW + 300 }), 'not yet valid'],
    [await sign(key, { aud: 'https://other.example' }), 'unknown'],
    [await sign(other), 'unknown'],
    [await sign(other, { exp: NOW - 300 }), 'unknown'],
    ['guess', 'unknown'],
  ];
  for (const [token, reason] of rejected) {
    const reply = await ask(edge.app, { authorization: `Bearer ${token}` });
    t.equal(reply.statusCode, 401);
    t.equal(lastReason(edge), reason);
    t.equal(reply.json().hint, 'Send Authorization: Bearer <access token>');
    t.notMatch(reply.body, /expired|not yet/);
  }
});

t.test('the hint follows the configuration', async (t) => {
  const { url } = await publish(t, json(keySet()));
  const { app } = await guard(t, url, { API_KEYS: 'a-key' });
  const { hint } = (await ask(app)).json();
  t.equal(hint, 'Send X-API-Key: <key>, or Authorization: Bearer <key or access token>');
});
