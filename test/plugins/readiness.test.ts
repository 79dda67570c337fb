import t from 'tap';
import { buildEdge } from '../support/edge.ts';

t.test('the service is ready while every check passes', async (t) => {
  const { app } = await buildEdge(t);
  let fault: string | undefined;
  app.readiness.add('store', async () => fault);
  const ready = await app.inject('/readyz');
  t.equal(ready.statusCode, 200);
  t.same(ready.json(), { status: 'ok', checks: { serving: 'ok', engine: 'ok', store: 'ok' } });

  fault = 'it cannot be written';
  const refused = await app.inject('/readyz');
  t.equal(refused.statusCode, 503);
  t.match(refused.headers, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '10',
  });
  t.match(refused.json(), {
    detail: 'The service is not ready: store: it cannot be written',
    checks: { serving: 'ok', engine: 'ok', store: 'it cannot be written' },
  });
  t.equal((await app.inject('/livez')).statusCode, 200, 'a restart would not help, so the service is alive');

  fault = undefined;
  t.equal((await app.inject('/readyz')).statusCode, 200);
});

t.test('a degraded check is shown, and leaves the service ready', async (t) => {
  const { app } = await buildEdge(t);
  app.readiness.add('keys', () => ({ degraded: 'one of them is damaged' }));
  const ready = await app.inject('/readyz');
  t.equal(ready.statusCode, 200);
  t.match(ready.json(), { status: 'ok', checks: { keys: 'degraded: one of them is damaged' } });

  app.readiness.add('store', () => 'it cannot be written');
  const refused = await app.inject('/readyz');
  t.equal(refused.statusCode, 503);
  t.match(refused.json(), {
    detail: 'The service is not ready: store: it cannot be written',
    checks: { keys: 'degraded: one of them is damaged' },
  });
});

t.test('a check that fails or hangs is reported, without its error', async (t) => {
  const { app, log } = await buildEdge(t);
  app.readiness.add('broken', () => {
    throw new Error('password is 1234');
  });
  app.readiness.add('hung', () => new Promise(() => {}));
  const reply = await app.inject('/readyz');
  t.equal(reply.statusCode, 503);
  t.match(reply.json().checks, { engine: 'ok', broken: 'the check failed', hung: 'the check failed' });
  t.notMatch(reply.body, '1234');
  t.match(
    log.find(({ check }) => check === 'broken'),
    { level: 50, err: { message: 'password is 1234' } },
  );
});

t.test('two checks cannot have one name', async (t) => {
  const { app } = await buildEdge(t);
  t.throws(() => app.readiness.add('engine', () => undefined), /engine exists already/);
});

for (const base of ['', '/pki']) {
  t.test(`probes under "${base}" always get a reply, at any rate`, async (t) => {
    const { app } = await buildEdge(t, { BASE_PATH: base, RATE_LIMIT_PER_HOUR: '4' });
    for (const probe of ['/livez', '/readyz', '/startupz', '/health']) {
      const replies = await Promise.all(Array.from({ length: 100 }, () => app.inject(`${base}${probe}`)));
      t.ok(
        replies.every(({ statusCode }) => statusCode === 200),
        probe,
      );
      t.equal((await app.inject({ method: 'HEAD', url: `${base}${probe}` })).statusCode, 200);
      t.equal((await app.inject({ method: 'POST', url: `${base}${probe}` })).statusCode, 405);
    }
  });
}
