import t from 'tap';
import { canonicalJson } from '../../src/base/canonical-json.ts';

t.test('the example of RFC 8785 §3.2.3 has its canonical text', async (t) => {
  const value = {
    numbers: [333_333_333.333_333_3, 1e30, 4.5, 2e-3, 0.000_000_000_000_000_000_000_000_001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  t.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

t.test('members are sorted by UTF-16 code units, also integers and those of objects inside', async (t) => {
  const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  t.equal(
    canonicalJson([names]),
    '[{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}]',
  );
  t.equal(canonicalJson({ b: { 10: 0, 9: 0 }, a: [] }), '{"a":[],"b":{"10":0,"9":0}}');
  t.equal(canonicalJson({ ['__proto__']: 1 }), '{"__proto__":1}');
});

t.test('a value that JSON does not have is rejected', async (t) => {
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1]) {
    t.throws(() => canonicalJson({ a: [value as never] }), TypeError);
  }
});
