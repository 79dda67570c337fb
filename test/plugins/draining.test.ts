import t from 'tap';
import { buildEdge, listenRaw } from '../support/edge.ts';

t.test('while the service stops, what is under way ends and what comes is refused', async (t) => {
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

  const refused = await late.reply;
  t.match(refused, /^HTTP\/1\.1 503 /);
  t.match(refused, /\r\nConnection: close\r\n/i);
  t.match(refused, /\r\nRetry-After: 10\r\n/i);
  t.match(JSON.parse(refused.split('\r\n\r\n')[1] ?? ''), { status: 503, code: 'unavailable' });

  answer.resolve('done');
  t.match(await early.reply, /^HTTP\/1\.1 200 OK\r\n[^]*done$/);
  await closed;
});
