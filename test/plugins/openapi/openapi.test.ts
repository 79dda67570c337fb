import t from 'tap';
import { buildEdge } from '../../support/edge.ts';

t.test('the documentation can be switched off', async (t) => {
  const { app } = await buildEdge(t, { DOCS_ENABLED: 'false' });
  for (const path of ['/docs', '/docs/json', '/docs/yaml']) t.equal((await app.inject(path)).statusCode, 404);
});

t.test('the document has the same paths everywhere and a server relative to where it lies', async (t) => {
  const plain = await buildEdge(t);
  const based = await buildEdge(t, { BASE_PATH: '/pki' });
  const at = (await plain.app.inject('/docs/json')).json();
  const under = (await based.app.inject('/pki/docs/json')).json();
  t.same(at.servers, [{ url: '/' }]);
  t.same(under.servers, [{ url: '/pki' }]);
  t.same(Object.keys(under.paths), Object.keys(at.paths));
  t.match((await based.app.inject('/pki/docs/yaml')).body, /^openapi: 3\.1\.0\n/);
  t.equal((await based.app.inject('/docs/json')).statusCode, 404);
});

t.test('the page may load and call nothing but this service', async (t) => {
  const { app } = await buildEdge(t);
  const page = await app.inject('/docs');
  t.equal(page.statusCode, 200);
  t.match(
    page.headers['content-security-policy'],
    /^default-src 'none'; .*connect-src 'self'; .*script-src 'self'; /,
  );
  t.notMatch(page.headers['content-security-policy'], /https?:/);
  const initializer = await app.inject('/docs/static/swagger-initializer.js');
  t.match(initializer.body, /"validatorUrl":\s*null/);
  t.match(initializer.body, /"persistAuthorization":\s*false/);
});
