/** Describes the constraints of a JSON Schema in words, for error messages and documentation. */

import { patternInWords } from './patterns.ts';

/** The keywords of JSON Schema that are described. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly examples?: readonly unknown[];
}

/** Completes a sentence that ends with "must be", for example with `a whole number from 1 to 7300`. */
export function describeConstraint(schema: SchemaNode): string {
  if (schema.anyOf !== undefined) return alternatives(schema.anyOf);
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range(schema.minimum, schema.maximum)}${orExamples(schema)}`;
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`;
    case 'string':
      return patternInWords(schema.pattern) ?? `${kindOf(schema)}${examplesOf(schema)}`;
    case 'array':
      return `an array of ${counted(schema)}`;
    case 'object':
      return 'an object';
    default:
      return 'of another kind';
  }
}

/** `null` is left out: it counts as absent. */
const alternatives = (schemas: readonly SchemaNode[]): string =>
  schemas
    .filter(({ type }) => type !== 'null')
    .map(describeConstraint)
    .join(' or ');

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

const kindOf = (schema: SchemaNode): string =>
  schema.format === 'date-time' ? 'a time of RFC 3339' : `a string${lengthOf(schema)}`;

function lengthOf({ minLength, maxLength }: SchemaNode): string {
  if (minLength !== undefined && maxLength !== undefined)
    return ` of ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return ` of at most ${maxLength} characters`;
  if (minLength === 1) return ' that is not empty';
  return minLength === undefined ? '' : ` of at least ${minLength} characters`;
}

const examplesOf = ({ examples = [] }: SchemaNode): string =>
  examples.length === 0 ? '' : ` such as ${examples.map(String).join(' or ')}`;

/** Examples that are words, such as `auto` for a number. */
const orExamples = ({ examples = [] }: SchemaNode): string =>
  examples
    .filter((example) => typeof example === 'string')
    .map((word) => `, or ${word}`)
    .join('');

function counted({ minItems, maxItems, items = {} }: SchemaNode): string {
  const noun = `${NOUNS[items.type ?? ''] ?? 'values'}${examplesOf(items)}`;
  if (minItems !== undefined && maxItems !== undefined) return `${minItems} to ${maxItems} ${noun}`;
  if (maxItems !== undefined) return `at most ${maxItems} ${noun}`;
  return minItems === undefined ? noun : `at least ${minItems} ${noun}`;
}

const NOUNS: Readonly<Record<string, string>> = Object.freeze({
  string: 'strings',
  integer: 'whole numbers',
  object: 'objects',
});
