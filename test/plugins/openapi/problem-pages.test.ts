/** The pages to which the `type` of a problem leads. */

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { DOCUMENTED_PROBLEMS } from '../../../plugins/errors/help/documented-problems.ts';
import { exampleOf } from '../../../plugins/errors/help/example.ts';
import { PROBLEM_CODES } from '../../../plugins/errors/problem-codes.ts';
import { ProblemError } from '../../../plugins/errors/problem.ts';
import { buildEdge, rawClient } from '../../support/edge.ts';

const addFailures =
  (basePath: string) =>
  (app: FastifyInstance): void => {
    app.get<{ Params: { code: string } }>(`${basePath}/fail/:code`, ({ params }) => {
      throw new ProblemError({ code: params.code as never, detail: 'It failed' });
    });
  };

for (const basePath of ['', '/pki']) {
  t.test(`under "${basePath}" the type of every problem leads to its page`, async (t) => {
    const { app } = await buildEdge(t, { BASE_PATH: basePath }, addFailures(basePath));
    for (const code of PROBLEM_CODES) {
      const url = `http://service.example${basePath}/fail/${code}`;
      const { type, title } = (await app.inject(url)).json();
      const target = new URL(type, url);
      if (code === 'rate-limited') {
        t.equal(target.origin, 'https://iana.org', 'a specification defines this type');
        continue;
      }
      t.equal(target.origin, 'http://service.example');
      const page = await app.inject(target.pathname);
      t.equal(page.statusCode, 200, type);
      t.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      for (const text of [title, code, `"type": "${type}"`.replaceAll('"', '&quot;')])
        t.match(page.body, text);
    }
  });
}

t.test('the list leads to each page, and each page to the list', async (t) => {
  const { app } = await buildEdge(t);
  const open = async (url: URL): Promise<URL[]> => {
    const page = await app.inject(url.pathname);
    t.equal(page.statusCode, 200, url.pathname);
    return [...page.body.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => new URL(href, url));
  };
  const index = new URL('http://service.example/docs/problems');
  const links = await open(index);
  t.equal(links.length, DOCUMENTED_PROBLEMS.length + 1);
  t.equal(links.at(-1)?.pathname, '/docs', 'the documentation');
  for (const link of links.slice(0, -1)) t.same(await open(link), [index]);
});

t.test('a page is small, has no script, and may use its own style alone', async (t) => {
  const { app } = await buildEdge(t);
  for (const url of ['/docs/problems', '/docs/problems/invalid-request']) {
    const { body, headers } = await app.inject(url);
    t.ok(body.length < 10_000, `${body.length} octets`);
    t.notMatch(body, /<script|<link|https?:/);
    const [, style = ''] = /<style>(.*)<\/style>/.exec(body) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    t.equal(
      headers['content-security-policy'],
      `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-${digest}'`,
    );
  }
});

t.test('a code that does not exist has no page', async (t) => {
  const { app } = await buildEdge(t);
  t.equal((await app.inject('/docs/problems/nothing')).statusCode, 404);
  t.equal((await app.inject('/docs/problems/constructor')).statusCode, 404);
});

t.test('without the documentation the type stays the same', async (t) => {
  const { app } = await buildEdge(t, { DOCS_ENABLED: 'false' }, addFailures(''));
  const { type } = (await app.inject('/fail/invalid-san')).json();
  t.equal(type, '/docs/problems/invalid-san');
  t.equal((await app.inject(type)).statusCode, 404);
});

t.test('a message that the parser refuses has the type of this service too', async (t) => {
  const { app } = await buildEdge(t, { BASE_PATH: '/pki' });
  const send = await rawClient(app);
  t.match(await send('GET /\r\n\r\n'), '"type":"/pki/docs/problems/invalid-message"');
  t.match(
    await send('GET /pki/health HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n'),
    '"type":"/pki/docs/problems/expectation-failed"',
  );
  t.match(
    await send('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'),
    '"type":"/pki/docs/problems/method-not-allowed"',
  );
});

t.test('the example of a page names the member in its sentence', (t) => {
  for (const problem of DOCUMENTED_PROBLEMS) {
    t.match(exampleOf(problem, ''), { code: problem.code, status: problem.status });
    for (const { pointer, message } of problem.example.errors ?? []) {
      const [first = '', ...rest] = pointer.split('/').slice(1);
      const steps = rest.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`));
      t.match(message, `\`${first}${steps.join('')}\``);
    }
  }
  t.end();
});
