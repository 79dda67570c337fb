import t from 'tap';
import { startApp } from '../support/service.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

for (const base of ['', '/pki']) {
  t.test(`the root under "${base}" leads a browser to the documentation`, async (t) => {
    const app = await startApp(t, { BASE_PATH: base, DOCS_ENABLED: 'true' });
    for (const url of new Set([`${base}/`, base === '' ? '/' : base])) {
      const reply = await app.inject({ url, headers: { accept: BROWSER } });
      t.equal(reply.statusCode, 302);
      t.equal(reply.headers.location, `${base}/docs`);
      t.equal(reply.headers['vary'], 'Accept');
      t.equal((await app.inject(String(reply.headers.location))).statusCode, 200);
    }
  });

  t.test(`the root under "${base}" leads a program to the paths`, async (t) => {
    const app = await startApp(t, { BASE_PATH: base, DOCS_ENABLED: 'true' });
    for (const accept of [undefined, '*/*', 'application/json', 'text/html;q=0, */*']) {
      const reply = await app.inject({ url: `${base}/`, headers: accept === undefined ? {} : { accept } });
      t.equal(reply.statusCode, 200, String(accept));
      const { service, version: _, ...paths } = reply.json();
      t.equal(service, 'ML-DSA Certificate API');
      t.same(paths, {
        info: `${base}/api/v1/info`,
        documentation: `${base}/docs`,
        openapi: `${base}/docs/json`,
      });
      for (const path of Object.values<string>(paths))
        t.equal((await app.inject(path)).statusCode, 200, path);
    }
  });
}

t.test('without the documentation the root document lists the paths for every client', async (t) => {
  const app = await startApp(t, { DOCS_ENABLED: 'false' });
  const reply = await app.inject({ url: '/', headers: { accept: BROWSER } });
  t.equal(reply.statusCode, 200);
  t.same(Object.keys(reply.json()), ['service', 'version', 'info']);
});

t.test('the root does not count for a limit, and needs no key', async (t) => {
  const app = await startApp(t, { RATE_LIMIT_PER_HOUR: '2', API_KEYS: 'a-key' });
  for (let i = 0; i < 10; i++) t.equal((await app.inject('/')).statusCode, 200);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await app.inject('/api/v1/info')).statusCode);
  t.same(statuses, [200, 200, 429]);
});
