/** T07: the time of every regular expression of the service is proportional to the length of the text, for any text. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { checkSync } from 'recheck';
import t from 'tap';
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
function isLinear(source: string, flags: string): boolean {
  const decided = checkSync(source, flags, { timeout, checker: 'automaton' });
  const { status } = decided.status === 'unknown' ? checkSync(source, flags, BY_STEPS) : decided;
  return status === 'safe';
}

t.test('every regular expression takes linear time', async (t) => {
  const files = globSync('{bin,plugins,routes,service,src}/**/*.{js,ts}', { cwd: ROOT });
  const expressions = [
    ...files.flatMap(expressionsIn),
    ...VARIABLE_NAMES.flatMap((name) => patternsIn(name, schemaOf(name))),
    ...patternsIn('openapi.yaml', parse(readFileSync(join(ROOT, 'openapi.yaml'), 'utf8'))),
  ];
  t.ok(expressions.length > 70, `${expressions.length} expressions are found`);
  const slow: Expression[] = [];
  // The same pattern is in several schemas.
  for (const same of Map.groupBy(expressions, ({ source, flags }) => `/${source}/${flags}`).values()) {
    // The runner sees progress only between two checks.
    await setImmediate();
    const [{ source, flags } = { source: '', flags: '' }] = same;
    if (!isLinear(source, flags)) slow.push(...same);
  }
  t.same(slow, []);
  t.comment(
    `T07: ${expressions.length - slow.length} of ${expressions.length} regular expressions are linear`,
  );
  t.notOk(isLinear(String.raw`^(a+)+$`, ''), 'a slower expression is detected');
  t.notOk(isLinear(String.raw`^(?=a)(a+)+$`, ''), 'a slower expression with a lookahead is detected');
});
