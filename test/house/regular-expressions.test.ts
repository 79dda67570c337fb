/** T07: the time of every regular expression of the service is proportional to the length of the text, for any text. */

import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { expressionsOfService, isLinear } from './expressions.ts';
import known from './linear-expressions.json' with { type: 'json' };

const expressions = expressionsOfService();

/** test/faults/long/expressions.ts checks these again, which takes up to a minute. */
const LINEAR: ReadonlySet<string> = new Set(known);

t.test('every regular expression takes linear time', async (t) => {
  t.ok(expressions.size > 70, `${expressions.size} expressions are found`);
  const slow: string[] = [];
  for (const [expression, [first]] of expressions) {
    if (first === undefined || LINEAR.has(expression)) continue;
    // The runner sees progress only between two checks.
    await setImmediate();
    if (!isLinear(first.source, first.flags)) slow.push(`${first.where}: ${expression}`);
  }
  t.same(slow, []);
  t.comment(`T07: ${expressions.size - slow.length} of ${expressions.size} regular expressions are linear`);
});

t.test('a slower expression is detected', async (t) => {
  t.notOk(isLinear(String.raw`^(a+)+$`, ''));
  t.notOk(isLinear(String.raw`^(?=a)(a+)+$`, ''), 'with a lookahead');
  t.ok(isLinear(String.raw`^(?=a)a+$`, ''));
});

t.test('the list of linear expressions names no other', async (t) => {
  t.same(
    known.filter((expression) => !expressions.has(expression)),
    [],
    'remove it from the list',
  );
});
