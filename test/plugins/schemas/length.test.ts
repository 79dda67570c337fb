/** The length of a text counts its characters, as in JSON Schema, without counting those of a long text. */

import fastify, { type FastifyServerOptions } from 'fastify';
import t from 'tap';
import { Type } from 'typebox';
import { validation } from '../../../plugins/schemas/validation.ts';

const body = Type.Object({
  text: Type.Optional(Type.String({ minLength: 2, maxLength: 4 })),
  long: Type.Optional(Type.String({ maxLength: 131_072 })),
});

const appWith = (options: FastifyServerOptions) => {
  const app = fastify(options);
  t.teardown(() => app.close());
  app.post('/', { schema: { body } }, () => 'valid');
  return async (payload: object) => (await app.inject({ method: 'POST', url: '/', payload })).statusCode;
};

const ours = appWith({ schemaController: { compilersFactory: validation } });
const ajv = appWith({});

/** Of one and two units of UTF-16, and halves of the second. */
const CHARACTERS = ['a', 'é', '\u{1F511}', '\uD83D', '\uDD11'];

t.test('texts are accepted and refused as by the keywords of Ajv', async (t) => {
  let texts = [''];
  for (let length = 0; length < 5; length += 1) {
    for (const text of texts.slice(0, 200))
      t.equal(await ours({ text }), await ajv({ text }), JSON.stringify(text));
    texts = texts.flatMap((text) => CHARACTERS.map((character) => text + character));
  }
});

t.test('the limits are characters', async (t) => {
  t.equal(await ours({ text: '\u{1F511}' }), 400, 'one character of two units');
  t.equal(await ours({ text: '\u{1F511}'.repeat(4) }), 200);
  t.equal(await ours({ text: '\u{1F511}'.repeat(5) }), 400);
  t.equal(await ours({ long: 'a'.repeat(131_072) }), 200);
  t.equal(await ours({ long: '\u{1F511}'.repeat(131_072) }), 200);
  t.equal(await ours({ long: '\u{1F511}'.repeat(131_073) }), 400);
  t.equal(await ours({ long: 'a'.repeat(131_073) }), 400);
});

t.test('the length is checked before the pattern and the format', async (t) => {
  const app = fastify({ schemaController: { compilersFactory: validation } });
  t.teardown(() => app.close());
  const text = Type.String({ minLength: 2, maxLength: 4, pattern: '^b', format: 'uuid' });
  const schema = { body: Type.Object({ text }) };
  app.post('/', { schema, attachValidation: true }, ({ validationError }) =>
    validationError?.validation?.map(({ keyword }: { readonly keyword: string }) => keyword),
  );
  for (const [given, keyword] of [
    ['a', 'minLength'],
    ['aaaaa', 'maxLength'],
  ]) {
    const reply = await app.inject({ method: 'POST', url: '/', payload: { text: given } });
    t.same(reply.json(), [keyword, 'pattern', 'format']);
  }
});
