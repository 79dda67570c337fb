import t from 'tap';
import type { FastifyReply } from 'fastify';
import { Base64Text } from '../../src/formats/base64.ts';
import { buildEdge, rawClient } from '../support/edge.ts';

const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ==\n-----END PRIVATE KEY-----\n';
const octets = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const isZero = (bytes: Uint8Array): boolean => bytes.every((octet) => octet === 0);

type Members = Parameters<FastifyReply['sendSecretJson']>[0];

/** Returns an app with one route that sends these members, and the bytes that it sent. */
async function answering(members: () => Members) {
  const sent: Uint8Array[] = [];
  const { app } = await buildEdge(t, {}, (app) => {
    app.get(
      '/reply',
      { onSend: async (_request, _reply, payload) => void sent.push(payload as Uint8Array) },
      (_request, reply) => reply.sendSecretJson(members()),
    );
  });
  return { app, sent };
}

t.test('members keep their order, and bytes are sent as base64', async (t) => {
  const { app } = await answering(() => ({
    certificate: octets(PEM),
    public_key: new Base64Text(octets(PEM)),
    'a "name"': 'Zoë\n\u2028"',
    days: 365,
    is_ca: false,
    nothing: null,
    san: ['DNS:a', 'IP:192.0.2.1'],
    empty: octets(''),
  }));
  const reply = await app.inject('/reply');
  t.equal(
    reply.body,
    JSON.stringify({
      certificate: base64(PEM),
      public_key: base64(PEM),
      'a "name"': 'Zoë\n\u2028"',
      days: 365,
      is_ca: false,
      nothing: null,
      san: ['DNS:a', 'IP:192.0.2.1'],
      empty: '',
    }),
  );
  t.match(reply.headers, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(reply.body)),
    'cache-control': 'no-store',
    pragma: 'no-cache',
  });
});

t.test('no members are an empty object', async (t) => {
  const { app } = await answering(() => ({}));
  t.equal((await app.inject('/reply')).body, '{}');
});

t.test('bytes of every length are complete', async (t) => {
  for (const length of [1, 2, 3, 4, 100, 5000, 100_000]) {
    const text = 'x'.repeat(length);
    const { app } = await answering(() => ({ text: octets(text) }));
    t.equal((await app.inject('/reply')).json().text, base64(text));
  }
});

t.test('a private key is zeroed once its reply has been sent', async (t) => {
  const key = octets(PEM);
  const { app, sent } = await answering(() => ({ private_key: key }));
  const send = await rawClient(app);
  const reply = await send('GET /reply HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  t.match(reply, base64(PEM), 'the client got the whole reply');
  t.ok(isZero(key), 'the bytes of the handler are zeroed');
  t.ok(Buffer.isBuffer(sent[0]), 'the reply was never a string');
  t.ok(isZero(sent[0] ?? octets('none')), 'the bytes of the reply are zeroed');
});
