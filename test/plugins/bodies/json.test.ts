import t from 'tap';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { MAX_DEPTH, MAX_MEMBERS } from '../../../src/base/json/scanner.ts';
import { buildEdge, rawClient } from '../../support/edge.ts';

const STRICT = { additionalProperties: false };

const { app } = await buildEdge(t, {}, (app: FastifyInstance) => {
  app.post('/any', { schema: { body: Type.Unknown() } }, ({ body }) => ({ body }));
  app.post(
    '/strict',
    {
      schema: {
        body: Type.Object(
          {
            subject: Type.String({ maxLength: 300 }),
            san: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
          },
          STRICT,
        ),
      },
    },
    ({ body }) => ({ body }),
  );
  app.post(
    '/optional',
    { schema: { body: Type.Object({ a: Type.Optional(Type.Integer()) }, STRICT) } },
    ({ body }) => ({ body }),
  );
});

const post = (
  url: string,
  payload: string | Buffer,
  type: string | undefined = 'application/json',
  more = {},
) => app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, ...more } });

t.test('JSON in UTF-8 is parsed for every valid spelling of its Content-Type', async (t) => {
  const spellings = [
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
    'application/json ; charset=utf8',
    'application/json; profile=x; charset=utf-8',
  ];
  for (const type of spellings) {
    const reply = await post('/any', '{"name":"Zoë"}', type);
    t.equal(reply.statusCode, 200, type);
    t.same(reply.json(), { body: { name: 'Zoë' } });
  }
});

t.test('every other Content-Type is rejected, and no spelling bypasses the schema', async (t) => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json-patch+json',
    'application/problem+json',
    'application/xml',
    'text/json',
    'application/json, text/plain',
    'application/json/x',
    'application',
    '/json',
    'application/json; charset=latin1',
    'application/json;charset=utf-16',
    'application/json; charset="iso-8859-1"',
  ];
  for (const type of types) {
    const reply = await post('/strict', '{"subject":"/CN=a"}', type);
    t.equal(reply.statusCode, 415, type);
    t.equal(reply.headers['accept-post'], 'application/json');
  }
  for (const type of [
    'application/json\t',
    'application/json;',
    'application/json ;a=b',
    ' application/json',
  ]) {
    const reply = await post('/strict', '{"subject":1}', type);
    t.ok([400, 415].includes(reply.statusCode), `${JSON.stringify(type)}: ${reply.statusCode}`);
  }
});

t.test('forms, which any web page can send, are rejected', async (t) => {
  const forms: readonly [string, string][] = [
    ['text/plain', '{"a":1}'],
    ['application/x-www-form-urlencoded', 'a=1'],
    ['application/x-www-form-urlencoded', ''],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    ],
  ];
  for (const [type, payload] of forms)
    t.equal((await post('/optional', payload, type)).statusCode, 415, type);
});

t.test('an optional body may be absent in every form', async (t) => {
  for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-length': '0' }]) {
    const reply = await app.inject({ method: 'POST', url: '/optional', headers });
    t.equal(reply.statusCode, 200, JSON.stringify(headers));
    t.same(reply.json(), { body: {} });
  }
  const missing = await app.inject({ method: 'POST', url: '/strict' });
  t.equal(missing.statusCode, 400);
  t.match(missing.json(), { error: /^`subject` is missing/, errors: [{ pointer: '/subject' }] });
});

t.test('bytes that are not a JSON text in UTF-8 are rejected', async (t) => {
  const octets: readonly [string | Buffer, RegExp][] = [
    ['{', /not valid JSON: expected a member name in double quotes at line 1, column 2, where the body ends/],
    ['{"a":1,}', /not valid JSON: expected another member after the comma at line 1, column 8/],
    ["{'a':1}", /not valid JSON/],
    ['{"a":01}', /not valid JSON/],
    ['{"a":NaN}', /not valid JSON/],
    ['{"a":1} x', /not valid JSON/],
    ['// no\n{}', /not valid JSON/],
    [' ', /not valid JSON/],
    ['\ufeff\ufeff{}', /not valid JSON: expected a value at line 1, column 1$/],
    [' \ufeff{}', /not valid JSON: expected a value at line 1, column 2$/],
    [Buffer.from([0x22, 0xff, 0x22]), /not valid UTF-8/],
    [Buffer.from('"\ud83d"', 'utf16le'), /The body is UTF-16/],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), /not valid UTF-8/],
    [Buffer.from([0x22, 0xc0, 0x80, 0x22]), /not valid UTF-8/],
  ];
  for (const [payload, error] of octets) {
    const reply = await post('/any', payload);
    t.equal(reply.statusCode, 400, payload.toString('latin1'));
    t.match(reply.json(), { code: 'invalid-json', error });
  }
});

t.test('a compressed body is rejected', async (t) => {
  const reply = await post('/any', '{}', 'application/json', { 'content-encoding': 'gzip' });
  t.equal(reply.statusCode, 415);
  t.equal(reply.headers['accept-encoding'], 'identity');
  t.equal((await post('/any', '{}', 'application/json', { 'content-encoding': 'identity' })).statusCode, 200);
});

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"m${i}":${i}`).join(',')}}`;

const names = (count: number): string => JSON.stringify({ subject: '/CN=a', san: Array(count).fill('a') });

t.test('depth and width are limited', async (t) => {
  const bodies: readonly [string, number, RegExp?][] = [
    [nested(MAX_DEPTH), 200],
    [nested(MAX_DEPTH + 1), 400, /deeper than 16/],
    [nested(400), 400, /deeper/],
    [nested(100_000), 400, /deeper/],
    ['{"a":'.repeat(MAX_DEPTH + 1) + '1' + '}'.repeat(MAX_DEPTH + 1), 400, /deeper/],
    [members(MAX_MEMBERS), 200],
    [members(MAX_MEMBERS + 1), 400, /more than 100 members/],
    [members(10_000), 400, /more than 100 members/],
    [`"${'x'.repeat(262_142)}"`, 200],
    [`"${'x'.repeat(262_143)}"`, 413],
  ];
  for (const [payload, status, error] of bodies) {
    const reply = await post('/any', payload);
    t.equal(reply.statusCode, status, payload.slice(0, 20));
    if (error) t.match(reply.json().error, error);
  }
  t.equal((await post('/strict', names(100))).statusCode, 200);
  t.match((await post('/strict', names(60_000))).json(), {
    error: '`san` must be an array of at most 100 strings',
  });
  t.equal((await post('/strict', `{"subject":${'9'.repeat(200_000)}}`)).statusCode, 400);
});

t.test('two members with one name are rejected, also if one is escaped', async (t) => {
  for (const payload of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":1,"b":2,"a":3}}]',
    '{"":1,"":1}',
  ]) {
    t.match(
      (await post('/any', payload)).json(),
      { status: 400, error: /two members of the same name/ },
      payload,
    );
  }
  for (const payload of [
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a:":1,"a":1}',
    '{"a\\"":1,"a":2}',
  ]) {
    t.same((await post('/any', payload)).json(), { body: JSON.parse(payload) }, payload);
  }
});

t.test('names that could change a prototype are rejected', async (t) => {
  for (const payload of [
    '{"__proto__":{"x":1}}',
    '{"a":{"__pro\\u0074o__":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
  ]) {
    t.match((await post('/any', payload)).json(), { status: 400, error: /must not be named/ }, payload);
  }
  t.same(Reflect.ownKeys({}), []);
  t.notOk('x' in {});
});

t.test('a body over the limit is rejected before it has arrived', async (t) => {
  const { app } = await buildEdge(t, { BODY_LIMIT: '1024' });
  const send = await rawClient(app);
  const head = 'POST /health HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n';
  const route = head.replace('/health', '/api/v1/keys/generate');
  t.match(await send(`${route}Content-Length: 100000000\r\n\r\n{`), /^HTTP\/1.1 413 /);
  t.match(
    await send(`${route}Content-Length: 1025\r\n\r\n{`),
    '"error":"The body is larger than the limit of 1024 octets (BODY_LIMIT)"',
  );
  t.match(
    await send(`${route}Transfer-Encoding: chunked\r\n\r\n1000\r\n${'x'.repeat(4096)}\r\n`),
    /^HTTP\/1.1 413 /,
  );
});
