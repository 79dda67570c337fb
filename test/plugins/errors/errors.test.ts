import t, { type Test } from 'tap';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { PROBLEM_CODES, PROBLEM_KINDS } from '../../../plugins/errors/problem-codes.ts';
import { ProblemSchema } from '../../../plugins/errors/problem.ts';
import { ERROR_CODES, PkiError } from '../../../src/base/errors.ts';
import { buildEdge } from '../../support/edge.ts';

const SECRET = 'MIICXAIBAAKBgQC-a-private-key';

/** Routes that fail in every way there is. */
function addFailures(app: FastifyInstance): void {
  app.get('/bug', () => {
    throw new TypeError(`cannot read ${SECRET} at /srv/app/src/secret.ts`);
  });
  app.get('/not-an-error', async () => {
    await Promise.reject(SECRET);
  });
  app.get('/null', async () => {
    await Promise.reject(null);
  });
  app.get('/aggregate', async () => {
    throw new AggregateError([new Error(SECRET)], 'many', { cause: new Error('the reason') });
  });
  app.get('/item/:id', () => 'here');
  app.get('/unsatisfiable', async () => {
    throw Object.assign(new Error('Range Not Satisfiable'), { statusCode: 416 });
  });
  app.get('/late', { config: { deadline: 20 } }, () => new Promise(() => {}));
  app.post(
    '/strict',
    { schema: { body: Type.Object({ days: Type.Integer() }, { additionalProperties: false }) } },
    () => 'ok',
  );
  app.get<{ Params: { code: string } }>('/domain/:code', ({ params }) => {
    throw new PkiError(params.code as never, 'It must be something else', ['member', 2]);
  });
}

const { app, log } = await buildEdge(t, { BODY_LIMIT: '2048' }, addFailures);

/** A POST of JSON text to the strict route. */
const strict = (payload: string, type = 'application/json'): InjectOptions => ({
  method: 'POST',
  url: '/strict',
  headers: { 'content-type': type },
  payload,
});

/** A request, and the status, code, error and header fields of its answer. */
type Case = readonly [InjectOptions, number, string, string | RegExp, Readonly<Record<string, string>>?];

const getOrHead = { allow: 'GET, HEAD' };
const post = { allow: 'POST' };
const retry = { 'retry-after': '10' };
const accept = { accept: 'application/json', 'accept-post': 'application/json' };

const CASES: readonly Case[] = [
  [{ url: '/nowhere' }, 404, 'not-found', 'Endpoint not found'],
  [{ url: '/docs/static/nothing.js' }, 404, 'not-found', 'Endpoint not found'],
  [{ ...strict('{'), url: '/nowhere' }, 404, 'not-found', 'Endpoint not found'],
  [{ method: 'POST', url: '/health' }, 405, 'method-not-allowed', /GET, HEAD/, getOrHead],
  [{ method: 'TRACE', url: '/health' }, 405, 'method-not-allowed', /GET, HEAD/, getOrHead],
  [{ url: '/strict' }, 405, 'method-not-allowed', /POST/, post],
  [{ method: 'DELETE', url: '/strict?x=1' }, 405, 'method-not-allowed', /POST/, post],
  [{ method: 'OPTIONS', url: '/strict' }, 405, 'method-not-allowed', /POST/, post],
  [
    strict('{"days":'),
    400,
    'invalid-json',
    'The body is not valid JSON: expected a value at line 1, column 9, where the body ends',
  ],
  [strict('{"days":"1"}'), 400, 'invalid-request', '`days` must be a whole number'],
  [strict(''), 400, 'invalid-request', /^`days` is missing/],
  [strict(`{"days":"${'x'.repeat(2048)}"}`), 413, 'body-too-large', /larger than the limit of 2048 octets/],
  [strict('{}', 'text/plain'), 415, 'unsupported-media-type', /application\/json/, accept],
  [{ url: `/item/${'x'.repeat(101)}` }, 414, 'uri-too-long', /too long/],
  [{ url: '/item/%E0%A4%A' }, 400, 'invalid-message', /malformed/],
  [{ url: '/unsatisfiable' }, 400, 'invalid-message', /request is invalid/],
  [{ url: '/late' }, 503, 'unavailable', /too long/, retry],
  [{ url: '/bug' }, 500, 'internal-error', 'Internal server error'],
  [{ url: '/not-an-error' }, 500, 'internal-error', 'Internal server error'],
  [{ url: '/null' }, 500, 'internal-error', 'Internal server error'],
  [{ url: '/aggregate' }, 500, 'internal-error', 'Internal server error'],
  [{ url: '/domain/invalid-san' }, 400, 'invalid-san', '`member[2]`: It must be something else'],
  [{ url: '/domain/engine-unavailable' }, 503, 'engine-unavailable', /must be/, retry],
  [{ url: '/domain/store-unavailable' }, 503, 'store-unavailable', /must be/, retry],
];

/** Whatever helps nobody but an attacker. */
const REVEALING = [
  /node_modules/,
  /\.(ts|js):\d/,
  /\bat [\w.<]+ \(/,
  /\/srv|\/work|\/home/,
  /fastify|FST_|ajv|node\.js/i,
  new RegExp(SECRET),
];

async function refused(t: Test, [request, status, code, error, headers = {}]: Case): Promise<void> {
  const reply = await app.inject(request);
  t.equal(reply.statusCode, status, JSON.stringify(request).slice(0, 80));
  t.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8');
  const problem = reply.json();
  t.match(problem, { status, code, error, detail: error });
  t.same(Value.Errors(ProblemSchema, problem), [], 'it is a problem document');
  t.equal(problem.instance, `urn:uuid:${String(reply.headers['x-request-id'] ?? problem.instance.slice(9))}`);
  t.match(reply.headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  for (const pattern of REVEALING) t.notMatch(reply.body, pattern);
  t.notOk(reply.headers['server'] ?? reply.headers['x-powered-by']);
}

t.test('every error is a problem document of one shape that reveals nothing', async (t) => {
  for (const failure of CASES) await refused(t, failure);
});

t.test('every code of the domain has a status and a title', async (t) => {
  t.same(Object.keys(PROBLEM_KINDS).toSorted(), PROBLEM_CODES.toSorted());
  for (const code of ERROR_CODES) {
    const { status, title } = PROBLEM_KINDS[code];
    const reply = await app.inject(`/domain/${code}`);
    t.equal(reply.statusCode, status);
    t.equal(reply.json().title, title);
    t.equal(reply.json().type, `/docs/problems/${code}`);
    if (status === 503) t.match(reply.headers['retry-after'], /^\d+$/);
    t.match(reply.json().errors, [
      { pointer: '/member/2', message: '`member[2]`: It must be something else' },
    ]);
  }
});

t.test('a client that accepts JSON and no problem document gets JSON', async (t) => {
  const accepted: readonly [string | undefined, string][] = [
    [undefined, 'application/problem+json'],
    ['*/*', 'application/problem+json'],
    ['application/*', 'application/problem+json'],
    ['application/problem+json', 'application/problem+json'],
    ['application/json, text/plain, */*', 'application/problem+json'],
    ['text/html, application/problem+json', 'application/problem+json'],
    ['application/json', 'application/json'],
    ['text/html, Application/JSON;q=0.9', 'application/json'],
  ];
  for (const [accept, type] of accepted) {
    const { headers } = await app.inject({
      url: '/nowhere',
      headers: accept === undefined ? {} : { accept },
    });
    t.equal(headers['content-type'], `${type}; charset=utf-8`, accept ?? 'none');
  }
});

t.test('a bug is logged with its cause, under the identifier that the caller got', async (t) => {
  const { instance } = (await app.inject('/aggregate')).json();
  const entry = log.find(
    ({ msg, request }) => msg === 'unexpected error' && `urn:uuid:${String(request)}` === instance,
  );
  t.match(entry, { level: 50, err: { type: 'AggregateError', message: 'many' } });
  t.match(entry, { err: { cause: { message: 'the reason' } } });
});

t.test('a stack trace is logged only at the level debug', async (t) => {
  t.notMatch(JSON.stringify(log), /errors\.test\.ts/);
  const edge = await buildEdge(t, { LOG_LEVEL: 'debug' }, addFailures);
  await edge.app.inject('/aggregate');
  const entry = edge.log.find(({ msg }) => msg === 'unexpected error');
  t.match(entry, { err: { stack: /errors\.test\.ts/, cause: { stack: /errors\.test\.ts/ } } });
});

t.test('HEAD has the status of an error and no body', async (t) => {
  const reply = await app.inject({ method: 'HEAD', url: '/nowhere' });
  t.equal(reply.statusCode, 404);
  t.equal(reply.body, '');
});
