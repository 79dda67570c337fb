/** What the schema of a body lets in, and the sentence about what it does not (T09, T10). */

import t from 'tap';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { buildEdge } from '../../support/edge.ts';

const STRICT = { additionalProperties: false };

const Body = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 300 }),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 7300, default: 365 })),
    is_ca: Type.Optional(Type.Boolean()),
    level: Type.Optional(Type.Enum(['ml-dsa-44', 'ml-dsa-65'], { type: 'string' })),
    san: Type.Optional(Type.Union([Type.Array(Type.String({ minLength: 1 }), { maxItems: 3 }), Type.Null()])),
    nested: Type.Optional(Type.Object({ inner: Type.Optional(Type.Boolean()) }, STRICT)),
  },
  STRICT,
);

const Query = Type.Object({ page: Type.Integer({ minimum: 1 }), all: Type.Optional(Type.Boolean()) });

const { app, log } = await buildEdge(t, {}, (app: FastifyInstance) => {
  app.post('/body', { schema: { body: Body } }, ({ body }) => ({ body }));
  app.get('/query', { schema: { querystring: Query } }, ({ query }) => ({ query }));
});

const post = async (payload: object) => (await app.inject({ method: 'POST', url: '/body', payload })).json();

t.test('what fits goes in as it is, with the defaults of the schema', async (t) => {
  const whole = {
    subject: '/CN=a',
    days: 1,
    is_ca: true,
    level: 'ml-dsa-44',
    san: ['a'],
    nested: { inner: false },
  };
  t.same(await post(whole), { body: whole });
  t.same(await post({ subject: '/CN=a', san: null }), { body: { subject: '/CN=a', days: 365, san: null } });
});

t.test('no value is made into another type', async (t) => {
  const subject = '/CN=a';
  const refused: readonly [object, string, string][] = [
    [{ subject: null }, '/subject', '`subject` must be a string of 1 to 300 characters'],
    [{ subject: 1 }, '/subject', '`subject` must be a string of 1 to 300 characters'],
    [{ subject: ['/CN=a'] }, '/subject', '`subject` must be a string of 1 to 300 characters'],
    [{ subject: '' }, '/subject', '`subject` must be a string of 1 to 300 characters'],
    [{ subject, days: '30' }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, days: null }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, days: [30] }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, days: 1.5 }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, days: 0 }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, days: 7301 }, '/days', '`days` must be a whole number from 1 to 7300'],
    [{ subject, is_ca: 1 }, '/is_ca', '`is_ca` must be true or false'],
    [{ subject, is_ca: 'true' }, '/is_ca', '`is_ca` must be true or false'],
    [{ subject, is_ca: null }, '/is_ca', '`is_ca` must be true or false'],
    [{ subject, level: 'ML-DSA-44' }, '/level', '`level` must be one of ml-dsa-44, ml-dsa-65'],
    [{ subject, san: 'a' }, '/san', '`san` must be an array of at most 3 strings'],
    [{ subject, san: ['a', 'b', 'c', 'd'] }, '/san', '`san` must be an array of at most 3 strings'],
    [{ subject, san: ['a', 5] }, '/san/1', '`san[1]` must be a string that is not empty'],
    [{ subject, nested: { inner: 'no' } }, '/nested/inner', '`nested.inner` must be true or false'],
    [{}, '/subject', '`subject` is missing: it must be a string of 1 to 300 characters'],
    [[], '', 'The body must be an object'],
  ];
  for (const [payload, pointer, message] of refused) {
    const problem = await post(payload);
    t.match(problem, { status: 400, code: 'invalid-request', error: message, detail: message });
    t.same(problem.errors, [{ pointer, message }], JSON.stringify(payload));
  }
});

t.test('a member that is not known is refused by its name', async (t) => {
  const subject = '/CN=a';
  const unknown: readonly [object, string, string][] = [
    [{ subject, is_CA: true }, '/is_CA', '`is_CA` is not a member of this request; did you mean `is_ca`?'],
    [{ subject, dayz: 1 }, '/dayz', '`dayz` is not a member of this request; did you mean `days`?'],
    [{ subject, issuer: '/CN=b' }, '/issuer', '`issuer` is not a member of this request'],
    [{ subject, serial: 1 }, '/serial', '`serial` is not a member of this request'],
    [
      { subject, nested: { innr: true } },
      '/nested/innr',
      '`nested.innr` is not a member of this request; did you mean `inner`?',
    ],
    [{ subject, 'a/b~c': 1 }, '/a~1b~0c', '`a/b~c` is not a member of this request'],
    [{ subject, 'a\n\u202eb': 1 }, '/a\ufffd\ufffdb', '`a\ufffd\ufffdb` is not a member of this request'],
    [
      { subject, ['x'.repeat(5000)]: 1 },
      `/${'x'.repeat(64)}…`,
      `\`${'x'.repeat(64)}…\` is not a member of this request`,
    ],
  ];
  for (const [payload, pointer, message] of unknown) {
    t.match(await post(payload), { status: 400, error: message, errors: [{ pointer, message }] });
  }
});

t.test('every member at fault is listed, and the sentence says how many', async (t) => {
  const body = { days: 0, level: 'rsa', san: ['a', '', 5], nested: { inner: 1, outer: 1 }, extra: true };
  const problem = await post(body);
  t.same(
    problem.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted(),
    ['/days', '/extra', '/level', '/nested/inner', '/nested/outer', '/san/2', '/subject'],
    'one fault of a union is listed, because its alternatives are tried one by one',
  );
  t.equal(problem.error, `${problem.errors[0].message} (and 6 more in \`errors\`)`);
  const both = await post({ days: '30', is_ca: 'true' });
  t.equal(both.error, both.detail);
});

t.test('of very many faults the first are listed', async (t) => {
  const { errors, error } = await post(
    Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`m${i}`, i])),
  );
  t.equal(errors.length, 20);
  t.match(error, / \(and 19 more in `errors`\)$/);
  const before = process.cpuUsage();
  const long = await post({ subject: 1, san: Array(80_000).fill(1) });
  t.equal(long.errors.length, 1, 'a long array is not looked through');
  const { user } = process.cpuUsage(before);
  t.ok(user < 2_000_000, `${user} microseconds of processor time`);
});

t.test('an invalid value is neither echoed nor logged', async (t) => {
  const secret = 'MC4CAQAwBQYDK2VwBCIEIJ-private';
  for (const payload of [
    { subject: [secret] },
    { subject: '/CN=a', days: secret },
    { subject: '/CN=a', is_ca: { secret } },
  ]) {
    t.notMatch(JSON.stringify(await post(payload)), secret);
  }
  t.notMatch(JSON.stringify(log), secret);
});

t.test('numbers and booleans are read out of a query', async (t) => {
  t.same((await app.inject('/query?page=2&all=true')).json(), { query: { page: 2, all: true } });
  t.match((await app.inject('/query?page=two')).json(), {
    status: 400,
    error: '`page` must be a whole number of at least 1',
  });
});
