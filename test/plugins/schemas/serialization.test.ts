import t from 'tap';
import { serialization } from '../../../plugins/schemas/serialization.ts';

const compile = serialization().buildSerializer({}, {});
const route = { method: 'GET', url: '/', httpStatus: '200' };

t.test('a reply is serialized by its schema', async (t) => {
  const schema = { type: 'object', properties: { name: { type: 'string' } } };
  const serialize = compile({ ...route, schema });
  for (const name of ['first', 'second']) t.equal(serialize({ name, other: 1 }), JSON.stringify({ name }));
});

t.test('no serializer is compiled before it is used', async (t) => {
  const serialize = compile({ ...route, schema: { $ref: 'missing#' } });
  t.throws(() => serialize({}), /missing/);
});
