import { mock } from 'node:test';
import t from 'tap';
import { delayed } from '../../plugins/key-collection.ts';

interface Circumstances {
  /** How many objects with secrets were made until this time. */
  readonly made?: (clock: number) => number;
  /** The times at which V8 collects by itself. */
  readonly collections?: readonly number[];
}

/**
 * Returns how often garbage was collected at each of these times, if it is requested every `period` until `last`. All in
 * milliseconds.
 */
function runsOf(
  period: number,
  last: number,
  moments: readonly number[],
  { made = (clock) => clock + 1, collections = [] }: Circumstances = {},
): number[] {
  mock.timers.enable({ apis: ['setTimeout'] });
  const now = mock.method(performance, 'now', () => clock);
  let clock = -1;
  let runs = 0;
  const act = delayed(() => void runs++, {
    idle: 1000,
    maxDelay: 10_000,
    count: () => made(clock),
    watch:
      (begin = clock) =>
      () =>
        collections.some((time) => time > begin && time <= clock),
  });
  const seen: number[] = [];
  for (clock = 0; clock <= Math.max(...moments); clock += 100, mock.timers.tick(100)) {
    if (clock <= last && clock % period === 0) act.request();
    if (moments.includes(clock)) seen.push(runs);
  }
  now.mock.restore();
  mock.timers.reset();
  return seen;
}

t.test('garbage is collected once, a second after the last key', async (t) => {
  t.same(runsOf(500, 2000, [2900, 3100, 20_000]), [0, 1, 1]);
  t.same(runsOf(100, 0, [900, 1100, 20_000]), [0, 1, 1]);
});

t.test('under load garbage is collected every ten seconds', async (t) => {
  t.same(runsOf(100, 40_000, [9800, 10_200, 19_500, 20_500]), [0, 1, 1, 2]);
});

t.test('garbage is not collected if no key was used', async (t) => {
  t.same(runsOf(1, -1, [50_000]), [0]);
  t.same(runsOf(100, 40_000, [50_000], { made: () => 7 }), [0], 'or only keys in memory of the engine');
});

t.test('after the last secret, garbage is collected once more if the service is used', async (t) => {
  const made = (clock: number): number => Number(clock >= 0);
  t.same(runsOf(2000, 40_000, [900, 1100, 2900, 3100, 50_000], { made }), [0, 1, 1, 2, 2]);
  t.same(runsOf(2000, 0, [50_000], { made }), [1]);
});

t.test('under load garbage is not collected if V8 collects by itself', async (t) => {
  const collections = Array.from({ length: 10 }, (_, i) => 4000 * i);
  t.same(runsOf(100, 30_000, [29_900, 31_100, 50_000], { collections }), [0, 1, 1]);
  t.same(runsOf(100, 30_000, [9900, 20_100, 50_000], { collections: [4000] }), [0, 1, 3]);
});
