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
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(TOKENS)].flatMap(([, source, flags = '']) =>
    source === undefined ? [] : [{ where: path, source, flags }],
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

t.setTimeout(240_000);

/** On a busy machine the check takes longer than its own limit of 10 s, which is not an answer. */
const PATIENT = { timeout: 120_000 };

t.test('every regular expression takes linear time', async (t) => {
  const files = globSync('{bin,plugins,routes,service,src}/**/*.{js,ts}', { cwd: ROOT });
  const expressions = [
    ...files.flatMap(expressionsIn),
    ...VARIABLE_NAMES.flatMap((name) => patternsIn(name, schemaOf(name))),
    ...patternsIn('openapi.yaml', parse(readFileSync(join(ROOT, 'openapi.yaml'), 'utf8'))),
  ];
  t.ok(expressions.length > 70, `${expressions.length} expressions are found`);
  const slow: Expression[] = [];
  for (const expression of expressions) {
    // The runner reads the limit of this file, and sees progress, only between two checks
    await setImmediate();
    const { source, flags } = expression;
    if (checkSync(source, flags, PATIENT).status !== 'safe') slow.push(expression);
  }
  t.same(slow, []);
  t.comment(
    `T07: ${expressions.length - slow.length} of ${expressions.length} regular expressions are linear`,
  );
  t.equal(checkSync(String.raw`^(a+)+$`, '').status, 'vulnerable', 'a slower expression is detected');
});
