/**
 * Measures whether the time of a key's lookup depends on the number of correct characters. The comparisons themselves
 * are counted in test/access/api-keys.test.ts. A machine that does other work spoils a timing: only `npm run faults`
 * measures it.
 */

import t from 'tap';
import { generateApiKey } from '../../../src/access/api-key.ts';
import { createKeyRing } from '../../../src/access/key-ring.ts';

/**
 * Returns Welch's t of the lookup times of two texts. Each text is looked up `times` times, in random order. The
 * slowest tenth is ignored, because other work of the machine causes it.
 */
function welch(find: (text: string) => unknown, texts: readonly [string, string], times: number): number {
  const taken: [number[], number[]] = [[], []];
  for (let i = 0; i < 2 * times; i++) {
    const which = Math.random() < 0.5 ? 0 : 1;
    const start = process.hrtime.bigint();
    find(texts[which]);
    taken[which].push(Number(process.hrtime.bigint() - start));
  }
  const bound = taken.flat().toSorted((a, b) => a - b)[Math.floor(1.8 * times)] ?? 0;
  const [a, b] = taken.map((values) => momentsOf(values.filter((value) => value < bound)));
  if (a === undefined || b === undefined) throw new Error('Expected two texts');
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count);
}

/** Returns a flat string, as a header field is: V8 reads a concatenated string more slowly. */
const asSent = (text: string): string => Buffer.from(text).toString('latin1');

function momentsOf(values: readonly number[]) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

t.test('the time of a lookup does not depend on the number of correct characters', async (t) => {
  const { key, text } = generateApiKey({ name: 'ci', scopes: ['inspect'], notAfter: undefined });
  const ring = createKeyRing({ filed: [key] });
  const otherThan = (character: string): string => (character === 'A' ? 'B' : 'A');
  const secret = text.length - 43;
  const lastWrong = asSent(text.slice(0, -1) + otherThan(text.slice(-1)));
  const firstWrong = asSent(text.slice(0, secret) + otherThan(text.charAt(secret)) + text.slice(secret + 1));
  t.equal(ring.find(lastWrong), undefined);
  t.equal(ring.find(firstWrong), undefined);
  const find = (candidate: string): unknown => ring.find(candidate);
  welch(find, [firstWrong, lastWrong], 20_000);
  // A leak shows in all three measurements, other work of the machine only in one.
  const measure = (): number => Math.abs(welch(find, [firstWrong, lastWrong], 100_000));
  const difference = Math.min(measure(), measure(), measure());
  t.comment(`T25: 100,000 keys with a wrong first or last character, t =  ${difference.toFixed(2)}`);
  t.ok(difference < 4.5, 'there is no measurable difference');

  const early = (candidate: string): boolean =>
    Buffer.from(candidate).every((octet, i) => octet === text.charCodeAt(i));
  t.ok(
    [1, 2, 3].every(() => Math.abs(welch(early, [firstWrong, lastWrong], 20_000)) > 4.5),
    'the measurement detects a comparison that ends early',
  );
});
