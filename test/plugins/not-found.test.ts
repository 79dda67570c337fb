/** Paths that no route serves: the reply names the path that is probably meant, and never redirects. */

import t from 'tap';
import { buildEdge } from '../support/edge.ts';

const NOT_FOUND = 'Endpoint not found';

for (const base of ['', '/pki']) {
  t.test(`under "${base}" a path that is nearly right leads to the right one`, async (t) => {
    const { app } = await buildEdge(t, { BASE_PATH: base });
    const info = `${base}/api/v1/info`;
    const generate = `${base}/api/v1/certificate/generate`;
    const meant: [string, string][] = [
      [`${base}/api/v1/info/`, info],
      [`${base}/api/v1/info/?verbose=1`, info],
      [`${base}/API/V1/INFO`, info],
      [`${base}//api/v1//info`, info],
      [`${base}/api/v1/infos`, info],
      [`${base}/api/v1/certificate/generates`, generate],
      [`${base}/api/v1/Certificate/Generate/`, generate],
      [`${base}/docs/Problems`, `${base}/docs/problems`],
    ];
    if (base !== '') meant.push(['/api/v1/info', info], ['/health', '/pki/health']);
    for (const [url, path] of meant) {
      for (const method of ['GET', 'POST'] as const) {
        const reply = await app.inject({ method, url });
        t.equal(reply.statusCode, 404, `${method} ${url}`);
        t.match(reply.json(), { detail: `${NOT_FOUND}. Did you mean ${path}?`, error: NOT_FOUND });
        t.equal(reply.headers.location, undefined);
      }
    }
  });
}

t.test('a path that resembles none gets no hint, and is not echoed', async (t) => {
  const { app } = await buildEdge(t);
  for (const url of [
    '/nowhere',
    '/api/v1',
    `/${'a'.repeat(5000)}`,
    '/api/v1/certificate/:id',
    '/docs/static/x',
  ]) {
    const problem = (await app.inject(url)).json();
    t.match(problem, { status: 404, error: NOT_FOUND });
    t.equal(problem.detail, NOT_FOUND, url);
  }
});

t.test('a path that exists for another method says so', async (t) => {
  const { app } = await buildEdge(t);
  t.equal((await app.inject('/api/v1/keys/generate')).statusCode, 405);
});

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

t.test(
  'a browser gets a page that leads to the documentation, and repeats nothing of the path',
  async (t) => {
    const { app } = await buildEdge(t, { BASE_PATH: '/pki' });
    for (const url of [
      '/pki/api/v1/infos',
      '/nowhere',
      '/pki/<script>alert(1)</script>?a=<b>',
      '/pki/docs/none',
    ]) {
      const reply = await app.inject({ url, headers: BROWSER });
      t.equal(reply.statusCode, 404, url);
      t.equal(reply.headers['content-type'], 'text/html; charset=utf-8', url);
      t.match(reply.headers['content-security-policy'], /^default-src 'none'; .*style-src 'sha256-/);
      t.equal(reply.headers.vary, 'Accept');
      t.match(reply.body, '<a href="/pki/docs">');
      t.notMatch(reply.body, /script|infos|nowhere|none</);
    }
    const head = await app.inject({ method: 'HEAD', url: '/nowhere', headers: BROWSER });
    t.match(head, { statusCode: 404, body: '' });
  },
);

t.test('programs and forms get the problem document', async (t) => {
  const { app } = await buildEdge(t);
  const others = [
    { url: '/nowhere' },
    { url: '/nowhere', headers: { accept: '*/*' } },
    { url: '/nowhere', headers: { accept: 'application/json' } },
    { url: '/nowhere', headers: { accept: 'text/html;q=0, */*' } },
    { method: 'POST', url: '/nowhere', headers: BROWSER },
  ] as const;
  for (const asked of others) {
    const reply = await app.inject(asked);
    t.match(reply.json(), { status: 404, code: 'not-found' }, JSON.stringify(asked));
  }
  const wrongMethod = await app.inject({ url: '/api/v1/keys/generate', headers: BROWSER });
  t.match(wrongMethod.json(), { status: 405, code: 'method-not-allowed' });
  const { app: undocumented } = await buildEdge(t, { DOCS_ENABLED: 'false' });
  t.match((await undocumented.inject({ url: '/nowhere', headers: BROWSER })).json(), { code: 'not-found' });
});
