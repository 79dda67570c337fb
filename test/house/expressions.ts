/** The regular expressions of the service, and whether the time of each is proportional to the length of the text. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import { parse } from 'yaml';
import { VARIABLE_NAMES, schemaOf } from '../../src/config/schema.ts';
import { ROOT } from '../support/process.ts';

/** Matches comments and strings, which contain no expression, and an expression in a place where one can begin. */
const TOKENS =
  /\/\*[^]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?;{}>]\s*|return\s+)\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([a-z]*)/g;

interface Expression {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

const expressionsIn = (path: string): Expression[] =>
  [...readFileSync(join(ROOT, path), 'utf8').replace(/^#!.*/, '').matchAll(TOKENS)].flatMap(
    ([, source, flags = '']) => (source === undefined ? [] : [{ where: path, source, flags }]),
  );

/** Returns each `pattern` of a JSON Schema, at any depth. */
const patternsIn = (where: string, value: unknown): Expression[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) =>
        name === 'pattern' && typeof member === 'string'
          ? [{ where, source: member, flags: 'u' }]
          : patternsIn(where, member),
      );

/** On a busy machine a check takes longer than its own limit of 10 s, and has no result. */
const timeout = 120_000;

/** The steps of a match decide whether it is slow. By default its time does too: 1 s, which a busy machine may take. */
const BY_STEPS = {
  timeout,
  seedingTimeout: timeout,
  incubationTimeout: timeout,
  attackTimeout: timeout,
  attackLimit: 100_000_000,
};

/**
 * An automaton decides it, always with the same result. Expressions that have none, because of a lookahead or a
 * backreference, are tried with random texts. That takes seconds for one expression.
 */
export function isLinear(source: string, flags: string): boolean {
  const decided = checkSync(source, flags, { timeout, checker: 'automaton' });
  const { status } = decided.status === 'unknown' ? checkSync(source, flags, BY_STEPS) : decided;
  return status === 'safe';
}

/** Returns each expression of the service, as it is written between slashes, with the places where it is. */
export function expressionsOfService(): ReadonlyMap<string, readonly Expression[]> {
  const files = globSync('{bin,plugins,routes,service,src}/**/*.{js,ts}', { cwd: ROOT });
  const expressions = [
    ...files.flatMap(expressionsIn),
    ...VARIABLE_NAMES.flatMap((name) => patternsIn(name, schemaOf(name))),
    ...patternsIn('openapi.yaml', parse(readFileSync(join(ROOT, 'openapi.yaml'), 'utf8'))),
  ];
  // The same pattern is in several schemas.
  return Map.groupBy(expressions, ({ source, flags }) => `/${source}/${flags}`);
}
