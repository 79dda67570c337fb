import t from 'tap';
import { buildEdge, listenRaw } from '../support/edge.ts';

t.test('while the service stops, open requests end, and requests in transit get a reply', async (t) => {
  const started = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  const stopping = Promise.withResolvers<void>();
  const { app } = await buildEdge(t, {}, (app) => {
    app.get('/slow', () => {
      started.resolve();
      return answer.promise;
    });
    app.addHook('preClose', async () => stopping.resolve());
  });
  const open = await listenRaw(app);
  const [early, late] = [open(), open()];
  early.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  late.send('GET /health HTTP/1.1\r\n');
  await started.promise;

  const closed = app.close();
  await stopping.promise;
  late.send('Host: a\r\n\r\n');

  const last = await late.reply;
  t.match(last, /^HTTP\/1\.1 200 OK\r\n/);
  t.match(last, /\r\nConnection: close\r\n/i);

  answer.resolve('done');
  t.match(await early.reply, /^HTTP\/1\.1 200 OK\r\n[^]*done$/);
  await closed;
});

t.test('a stopping service is not ready, and serves until the delay is over', async (t) => {
  const { app } = await buildEdge(t, { SHUTDOWN_DELAY: '1' });
  t.equal((await app.inject('/readyz')).statusCode, 200);
  t.not((await app.inject('/health')).headers['connection'], 'close');

  const left = app.leave();
  const ready = await app.inject('/readyz');
  t.equal(ready.statusCode, 503);
  t.match(ready.json(), {
    code: 'unavailable',
    error: 'The service is not ready: serving: the service is stopping',
    checks: { serving: 'the service is stopping', engine: 'ok' },
  });
  for (const url of ['/livez', '/startupz', '/health', '/api/v1/info']) {
    const reply = await app.inject(url);
    t.equal(reply.statusCode, 200, url);
    t.equal(reply.headers['connection'], 'close', 'the client opens its next connection to another instance');
  }
  await left;
  await t.rejects(app.inject('/health'), 'the connection is closed');
});
