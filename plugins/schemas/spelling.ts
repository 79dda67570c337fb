import { SPELLINGS, spellingReader, spellingsOf, type Spellings } from '../../src/base/spelling.ts';

interface Place {
  readonly parentData: object;
  readonly parentDataProperty: string | number;
}

/**
 * The keyword `x-spellings` for Ajv: replaces a spelling of a value by the value. Every other value stays as it is. It has
 * no `type`: Ajv checks keywords with a type, such as those for strings, after `enum`.
 */
export const spellingKeyword = {
  keyword: SPELLINGS,
  schemaType: 'object',
  before: 'enum',
  modifying: true,
  errors: false,
  compile(_: Spellings, schema: object) {
    const read = spellingReader(spellingsOf(schema) ?? {});
    return (data: unknown, place?: Place): boolean => {
      const value = typeof data === 'string' ? read(data) : undefined;
      return value === undefined || place === undefined ? true : replace(place, value);
    };
  },
} as const;

const replace = ({ parentData, parentDataProperty }: Place, value: string): boolean =>
  Reflect.set(parentData, parentDataProperty, value);
