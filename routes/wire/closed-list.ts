import { Type } from 'typebox';
import { SPELLINGS, type Spellings } from '../../src/base/spelling.ts';

interface Options {
  readonly description?: string;
  readonly default?: string;
  /** What the handler takes when the member is absent; the schema has no default, so the handler sees the absence. */
  readonly whenAbsent?: string;
  readonly examples?: readonly string[];
}

/**
 * A value of a closed list in a request. Other spellings are read too: the handler gets the value
 * (plugins/schemas/spelling.ts).
 */
export const closedList = <Value extends string>(
  spellings: Readonly<Record<Value, readonly string[]>>,
  { description = '', whenAbsent, ...options }: Options = {},
) =>
  Type.Enum(Object.keys(spellings) as Value[], {
    type: 'string',
    ...options,
    description:
      `${description} ${readingOf(spellings)}`.trim() + (whenAbsent ? ` Default: \`${whenAbsent}\`.` : ''),
    [SPELLINGS]: Object.fromEntries(otherSpellings(spellings)),
  });

/** Describes the spellings, for the OpenAPI document. */
export function readingOf(spellings: Spellings): string {
  const others = otherSpellings(spellings).flatMap(([, texts]) => texts.map((text) => `\`${text}\``));
  return `Case, spaces and punctuation make no difference${others.length === 0 ? '' : `; also read: ${others.join(', ')}`}.`;
}

const otherSpellings = (spellings: Spellings) =>
  Object.entries(spellings).filter(([, others]) => others.length > 0);
