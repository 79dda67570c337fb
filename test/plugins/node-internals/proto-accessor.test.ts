import t from 'tap';
import { removeProtoAccessor } from '../../../plugins/node-internals/proto-accessor.ts';

t.test('no prototype can be changed by the name __proto__', async (t) => {
  const polluted: Record<string, unknown> = {};
  const input: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
  for (const [name, value] of Object.entries(input as object)) polluted[name] = value;
  t.equal(Reflect.get(polluted, 'polluted'), true, 'as at the start of Node.js');
  removeProtoAccessor();
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input as object)) safe[name] = value;
  t.equal(Reflect.get(safe, 'polluted'), undefined);
  t.equal('__proto__' in {}, false);
});
