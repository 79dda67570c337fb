/** Members marked as `writeOnly`: bytes for the handler, zeroed whatever happens to the request. */

import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Type } from 'typebox';
import type { FastifyInstance } from 'fastify';
import { component } from '../../../routes/wire/component.ts';
import { buildEdge } from '../../support/edge.ts';
import { until } from '../../support/until.ts';

const KEY = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ/=\n-----END PRIVATE KEY-----\n';

const members = {
  key: Type.Unsafe<Uint8Array>({ type: 'string', minLength: 1, maxLength: 100, writeOnly: true }),
  days: Type.Optional(Type.Integer({ minimum: 1 })),
  note: Type.Optional(Type.String()),
};
const STRICT = { additionalProperties: false };
const Named = component('Named', Type.Object(members, STRICT));

/** Every secret that was parsed. */
const secrets: Uint8Array[] = [];
let release: () => void = () => {};
let held: () => void = () => {};

const { app } = await buildEdge(t, { BODY_LIMIT: '4096' }, (app: FastifyInstance) => {
  app.addHook('preValidation', async (request) => void secrets.push(...(request.secrets?.values() ?? [])));
  app.addSchema(Named.schema);
  app.post<{ Body: { key: Uint8Array } }>('/named', { schema: { body: Named.ref } }, ({ body }) => ({
    ...body,
    key: Buffer.from(body.key).toString(),
  }));
  app.post<{ Body: { key: Uint8Array; note?: string } }>(
    '/own',
    { schema: { body: Type.Object(members, STRICT) } },
    async ({ body }) => {
      if (body.note === 'fail') throw new Error('a bug');
      if (body.note === 'hold') {
        const released = new Promise<void>((resolve) => (release = resolve));
        held();
        await released;
      }
      return { key: Buffer.from(body.key).toString(), note: body.note };
    },
  );
});

const isZero = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0);

/** Returns the secrets since its last call. */
const taken = (): Uint8Array[] => secrets.splice(0);

const post = (url: string, payload: string) =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });

t.test('the handler gets bytes, which are zeroed when it has replied', async (t) => {
  for (const url of ['/named', '/own']) {
    for (const payload of [
      JSON.stringify({ key: KEY, note: 'n' }),
      `{"note":"n","\\u006bey":"${KEY.replaceAll('\n', '\\u000A').replaceAll('-', '\\u002d').replaceAll('/', '\\/')}"}`,
    ]) {
      const reply = await post(url, payload);
      t.equal(reply.statusCode, 200);
      t.same(reply.json(), { key: KEY, note: 'n' });
      const [secret, ...others] = taken();
      t.same(secret, new Uint8Array(KEY.length));
      t.equal(others.length, 0);
    }
  }
});

t.test('the schema applies to the string of a secret', async (t) => {
  const wrong: readonly [unknown, RegExp][] = [
    ['', /^`key` must be a string of 1 to 100 characters$/],
    ['x'.repeat(101), /^`key` must be a string of 1 to 100 characters$/],
    [1, /^`key` must be a string of 1 to 100 characters$/],
    [null, /^`key` must be a string/],
    [[KEY], /^`key` must be a string/],
    [undefined, /^`key` is missing: it must be a string of 1 to 100 characters$/],
  ];
  for (const [key, error] of wrong) {
    const reply = await post('/own', JSON.stringify({ key }));
    t.equal(reply.statusCode, 400);
    t.match(reply.json(), { code: 'invalid-request', error, errors: [{ pointer: '/key' }] });
  }
  for (const key of ['x'.repeat(100), '😀'.repeat(100), '\ud83d'.repeat(100)])
    t.equal((await post('/own', JSON.stringify({ key }))).statusCode, 200, 'characters are counted');
  t.ok(taken().every(isZero), 'every octet is zero');
});

t.test('a secret is zeroed when the request fails', async (t) => {
  for (const [payload, status] of [
    [{ key: KEY, note: 'fail' }, 500],
    [{ key: KEY, days: 0 }, 400],
    [{ key: KEY, other: 1 }, 400],
    [{ key: KEY.repeat(9) }, 400],
  ] as const) {
    const reply = await post('/own', JSON.stringify(payload));
    t.equal(reply.statusCode, status);
    t.notMatch(reply.body, 'BEGIN', 'a secret is not echoed');
    const [secret = new Uint8Array([1])] = taken();
    t.ok(secret.length >= KEY.length && isZero(secret), 'the whole secret is zero');
  }
  t.equal((await post('/own', `{"key":"${KEY}"}`)).json().code, 'invalid-json');
  t.same(taken(), [], 'no secret is extracted from invalid JSON');
});

async function open(t: Test): Promise<Socket> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const head = (framing: string): string =>
  `POST /own HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;
const message = (body: string): string => `${head(`Content-Length: ${body.length}`)}${body}`;

t.test('the handler keeps a secret until it ends, even if the client disconnects', async (t) => {
  const socket = await open(t);
  const holding = new Promise<void>((resolve) => (held = resolve));
  socket.write(message(JSON.stringify({ key: KEY, note: 'hold' })));
  await holding;
  socket.destroy();
  await sleep(100);
  const [secret = new Uint8Array()] = taken();
  t.equal(Buffer.from(secret).toString(), KEY, 'the secret during the work of the handler');
  release();
  await until(() => isZero(secret));
  t.ok(isZero(secret), 'the secret after the handler has ended');
});

/** Returns the bodies of `count` replies. */
async function replies(socket: Socket, count: number): Promise<readonly string[]> {
  let text = '';
  for (;;) {
    const bodies = text.match(/(?<=\r\n\r\n)\{.*?\}(?=HTTP|$)/g) ?? [];
    if (bodies.length >= count) return bodies;
    const [chunk] = await once(socket, 'data');
    text += String(chunk);
  }
}

const twice = <T>(value: T): T[] => [value, value];

const notes = (bodies: readonly string[]) => bodies.map((body) => JSON.parse(body));

t.test('several requests in one read are each complete', async (t) => {
  const socket = await open(t);
  const numbers = Array.from({ length: 50 }, (_, i) => String(i));
  const sizes = ['', 'x'.repeat(1500), 'y'.repeat(3000)];
  const sent = numbers.map((note, i) => ({ key: KEY, note: note + (sizes[i % 3] ?? '') }));
  socket.write(sent.map((body) => message(JSON.stringify(body))).join(''));
  t.same(notes(await replies(socket, sent.length)), sent);
  t.ok(taken().every(isZero), 'every octet is zero');
});

t.test('a body may be split at every byte', async (t) => {
  const socket = await open(t);
  const body = JSON.stringify({ key: KEY, note: 'é' });
  const octets = Buffer.from(head(`Content-Length: ${Buffer.byteLength(body)}`) + body);
  for (let at = octets.length - Buffer.byteLength(body); at < octets.length; at += 1) {
    socket.write(octets.subarray(0, at));
    await sleep(1);
    // The next request arrives together with the end of this one.
    socket.write(Buffer.concat([octets.subarray(at), octets]));
    t.same(notes(await replies(socket, 2)), twice({ key: KEY, note: 'é' }), `at ${at}`);
  }
  const single = Array.from(Buffer.from(body), (octet) => `1\r\n${String.fromCharCode(octet)}\r\n`).join('');
  socket.write(`${head('Transfer-Encoding: chunked')}${single}0\r\n\r\n`, 'latin1');
  t.same(notes(await replies(socket, 1)), [{ key: KEY, note: 'é' }], 'a chunk for each octet');
  t.ok(taken().every(isZero), 'every octet is zero');
});

t.test('a connection stays open after a rejected request, if it can', async (t) => {
  const socket = await open(t);
  const body = JSON.stringify({ key: KEY, days: 0 });
  socket.write(message(body).repeat(2) + message(JSON.stringify({ key: KEY, note: 'last' })));
  const [first, second, last] = notes(await replies(socket, 3));
  t.match([first, second], twice({ status: 400 }));
  t.same(last, { key: KEY, note: 'last' });
});
