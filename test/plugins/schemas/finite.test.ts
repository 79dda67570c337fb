/** Numbers in a query are finite. */

import fastify from 'fastify';
import t from 'tap';
import { Type } from 'typebox';
import { validation } from '../../../plugins/schemas/validation.ts';

const app = fastify({ schemaController: { compilersFactory: validation } });
t.teardown(() => app.close());
const querystring = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  word: Type.Optional(Type.String()),
});
app.get('/', { schema: { querystring } }, ({ query }) => query);

const get = (query: string) => app.inject(`/?${query}`);

t.test('a number that is infinite is refused like one out of range', async (t) => {
  for (const limit of ['1e400', '-1e400', 'Infinity', '-Infinity', '501', '0'])
    t.equal((await get(`limit=${limit}`)).statusCode, 400, limit);
});

t.test('other numbers, and text that looks like such a number, are accepted', async (t) => {
  t.same((await get('limit=500')).json(), { limit: 500 });
  t.same((await get('word=1e400')).json(), { word: '1e400' });
});
