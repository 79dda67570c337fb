import t from 'tap';
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
