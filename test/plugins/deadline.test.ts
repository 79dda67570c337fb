/** The deadline of requests whose handler takes too long. */

import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { buildEdge } from '../support/edge.ts';
import { until } from '../support/until.ts';

const config = { scope: 'public', limit: 'none', deadline: 100 } as const;
const forever = new Promise<never>(() => {});

const { app, log } = await buildEdge(t, {}, (app) => {
  app.get('/hung', { config }, () => forever);
  app.post('/hung', { config }, () => forever);
  app.post('/late', { config }, async (_request, reply) => {
    await sleep(200);
    return reply.sendSecretJson({ private_key: Buffer.from('late') });
  });
  app.post('/in-time', { config: { ...config, deadline: 60_000 } }, async () => {
    await sleep(20);
    return 'done';
  });
  app.get('/begun', { config }, (_request, reply) => {
    reply.raw.writeHead(200, { 'Content-Length': '10' });
    reply.raw.write('half');
  });
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });

const post = (path: string): Promise<Response> =>
  fetch(address + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' });

t.test('the reply of a handler before the deadline is sent', async (t) => {
  const reply = await post('/in-time');
  t.equal(reply.status, 200);
  t.equal(await reply.text(), 'done');
});

t.test('a handler that misses the deadline is aborted, with or without a request body', async (t) => {
  for (const reply of [await fetch(`${address}/hung`), await post('/hung'), await post('/late')]) {
    t.equal(reply.status, 503);
    t.match(await reply.json(), { code: 'unavailable', detail: 'The reply took too long' });
  }
});

t.test('a reply after the deadline is discarded without an error', async (t) => {
  await post('/late');
  await sleep(250);
  t.equal((await fetch(`${address}/health`)).status, 200);
  const lines = log.filter(({ level }) => Number(level) >= 50);
  t.same(lines, []);
});

t.test('the connection of an incomplete reply is closed at the deadline', async (t) => {
  const reply = await fetch(`${address}/begun`);
  await t.rejects(reply.text());
});

const MANY = 20;

/** Returns the timers that keep the process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** A service, and the number of its running handlers. `send` opens a connection for a request that gets no reply. */
async function buildHung(t: Test, deadline: number) {
  const given: string[] = [];
  let running = 0;
  let end = (): void => {};
  const hang = () => {
    running += 1;
    return new Promise((resolve) => (end = () => resolve('late')));
  };
  const { app } = await buildEdge(t, {}, (app) => {
    app.addHook('onSend', async ({ method }) => void given.push(method));
    for (const method of ['GET', 'POST'])
      app.route({ method, url: '/hung', config: { ...config, deadline }, handler: hang });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const send = async (request: string): Promise<Socket> => {
    const before = running;
    const socket = connect(port, '127.0.0.1');
    t.teardown(() => socket.destroy());
    socket.write(request);
    await until(() => running > before);
    return socket;
  };
  return { given, send, end: () => end() };
}

const GET = 'GET /hung HTTP/1.1\r\nHost: a\r\n\r\n';
const POST =
  'POST /hung HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';

for (const [name, request] of Object.entries({ GET, POST })) {
  t.test(`${name}: no timer of a disconnected client keeps the process alive`, async (t) => {
    const { send } = await buildHung(t, 600_000);
    const before = timers();
    const sockets: Socket[] = [];
    for (let i = 0; i < MANY; i++) sockets.push(await send(request));
    t.ok(timers() >= before + MANY, 'each waiting request has a timer');
    for (const socket of sockets) socket.destroy();
    await t.resolves(until(() => timers() < before + MANY / 2));
  });

  t.test(`${name}: the handler of a disconnected client is aborted at the deadline too`, async (t) => {
    const { given, send } = await buildHung(t, 200);
    (await send(request)).destroy();
    await until(() => given.length > 0);
    t.same(given, [name]);
  });

  t.test(`${name}: a handler that ends before the deadline is not aborted later`, async (t) => {
    const { given, send, end } = await buildHung(t, 400);
    const socket = await send(request);
    socket.destroy();
    await once(socket, 'close');
    end();
    await until(() => given.length > 0);
    await sleep(500);
    t.same(given, [name]);
  });
}
