import t from 'tap';
import { createLineLimit } from '../../../plugins/log/line-limit.ts';
import { buildEdge } from '../../support/edge.ts';

const SECRET = 'mld_live_0123456789abcdef';

t.test('one line for each request says what happened and for which client', async (t) => {
  const { app, log } = await buildEdge(t);
  const { headers } = await app.inject({ url: '/nowhere', remoteAddress: '192.0.2.7' });
  t.equal(log.length, 1);
  t.match(log[0], {
    level: 30,
    msg: 'request',
    request: headers['x-request-id'],
    method: 'GET',
    path: '/nowhere',
    status: 404,
    problem: 'not-found',
    client: '192.0.2.7',
    milliseconds: Number,
  });
});

t.test('no query, header field or body is logged', async (t) => {
  const { app, log } = await buildEdge(t, { LOG_LEVEL: 'trace' });
  await app.inject({
    method: 'POST',
    url: `/api/v1/keys/generate?key=${SECRET}`,
    headers: { 'x-api-key': SECRET, authorization: `Bearer ${SECRET}`, cookie: `a=${SECRET}` },
    payload: { private_key: SECRET },
  });
  t.ok(log.length > 0);
  t.notMatch(JSON.stringify(log), SECRET);
});

t.test('secrets are redacted', async (t) => {
  const { app, log } = await buildEdge(t, {}, (app) => {
    app.get('/careless', ({ headers, log }) => {
      log.warn({ headers, private_key: SECRET, body: { ca_private_key: SECRET } }, 'careless');
      log.error(Object.assign(new Error('careless'), { data: SECRET, validation: [{ data: SECRET }] }));
      return 'done';
    });
  });
  await app.inject({
    url: '/careless',
    headers: { 'x-api-key': SECRET, authorization: SECRET, cookie: SECRET },
  });
  t.notMatch(JSON.stringify(log), SECRET);
  t.match(log[0], { private_key: '[secret]', body: { ca_private_key: '[secret]' } });
});

t.test('a caller cannot forge a line', async (t) => {
  const { app, log } = await buildEdge(t);
  await app.inject({ url: '/a%0A%7B%22level%22:60%7D\u2028', headers: { 'user-agent': '"\n{"level":60}' } });
  await app.inject(`/${'x'.repeat(10_000)}`);
  t.same(
    log.map(({ level }) => level),
    [30, 30],
  );
  t.ok(String(log[1]?.['path']).length <= 256);
});

t.test('the level decides what is logged', async (t) => {
  const { app, log } = await buildEdge(t, { LOG_LEVEL: 'warn' });
  await app.inject('/health');
  t.same(log, []);
});

t.test('a few lines a second are written, and the next one counts those that were left out', async (t) => {
  let now = 0;
  const take = createLineLimit(2, () => now);
  t.same([take(), take(), take(), take()], [0, 0, undefined, undefined], 'two of four');
  now = 1000;
  t.same([take(), take(), take()], [2, 0, undefined], 'in the next second');
  now = 5000;
  t.same([take(), take()], [1, 0], 'after a pause');
});

t.test('requests that no rate limit bounds do not fill the log, and others have a line each', async (t) => {
  const { app, log } = await buildEdge(t, { RATE_LIMIT_PER_HOUR: '50' });
  const linesOf = (status: number, path: string): number =>
    log.filter((line) => line['status'] === status && line['path'] === path).length;
  const ask = (count: number, url: string) =>
    Promise.all(Array.from({ length: count }, () => app.inject(url)));
  await ask(200, '/livez');
  await ask(200, '/nowhere');
  t.equal(linesOf(404, '/nowhere'), 50, 'each request within the limit');
  for (const [status, path] of [
    [200, '/livez'],
    [429, '/nowhere'],
  ] as const) {
    const lines = linesOf(status, path);
    t.ok(lines >= 10 && lines <= 60, `${lines} of 200 or 150 requests have a line (${status})`);
  }
});
