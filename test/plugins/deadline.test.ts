/** What becomes of a request whose handler takes too long. */

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { buildEdge } from '../support/edge.ts';

const config = { scope: 'public', limit: 'none', deadline: 100 } as const;
const forever = new Promise<never>(() => {});

const { app, log } = await buildEdge(t, {}, (app) => {
  app.get('/hung', { config }, () => forever);
  app.post('/hung', { config }, () => forever);
  app.post('/late', { config }, async (_request, reply) => {
    await sleep(200);
    return reply.sendJson({ private_key: Buffer.from('late') });
  });
  app.post('/in-time', { config }, async () => {
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

t.test('a handler that answers in time is heard', async (t) => {
  const reply = await post('/in-time');
  t.equal(reply.status, 200);
  t.equal(await reply.text(), 'done');
});

t.test('one that does not is given up, whether its request has a body or none', async (t) => {
  for (const reply of [await fetch(`${address}/hung`), await post('/hung'), await post('/late')]) {
    t.equal(reply.status, 503);
    t.match(await reply.json(), { code: 'unavailable', detail: 'The answer took too long' });
  }
});

t.test('what it answers after that is thrown away, and nothing breaks', async (t) => {
  await post('/late');
  await sleep(250);
  t.equal((await fetch(`${address}/health`)).status, 200);
  const lines = log.filter(({ level }) => Number(level) >= 50);
  t.same(lines, []);
});

t.test('a reply that has begun and does not end is cut off', async (t) => {
  const reply = await fetch(`${address}/begun`);
  await t.rejects(reply.text());
});
