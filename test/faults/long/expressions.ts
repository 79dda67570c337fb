/** T07: all regular expressions of the service are checked, also those of the list. */

import t from 'tap';
import { expressionsOfService, isLinear } from '../../house/expressions.ts';
import known from '../../house/linear-expressions.json' with { type: 'json' };

t.test('the list has the linear expressions, and these are all', async (t) => {
  const expressions = expressionsOfService();
  const linear = [...expressions]
    .filter(([, [first]]) => first !== undefined && isLinear(first.source, first.flags))
    .map(([expression]) => expression);
  t.strictSame(known, linear.toSorted(), 'copy it to test/house/linear-expressions.json');
  t.equal(linear.length, expressions.size);
  t.comment(`T07: ${linear.length} of ${expressions.size} regular expressions are linear`);
});
