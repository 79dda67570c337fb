import { mock } from 'node:test';
import t from 'tap';
import { delayed } from '../../plugins/key-collection.ts';

/**
 * Returns how often the action has run at each of these times, if it is requested every `period` until `last`. All in
 * milliseconds.
 */
function runsOf(period: number, last: number, moments: readonly number[]): number[] {
  mock.timers.enable({ apis: ['setTimeout'] });
  const now = mock.method(performance, 'now', () => clock);
  let clock = 0;
  let runs = 0;
  const act = delayed(() => void runs++, 1000, 10_000);
  const seen: number[] = [];
  for (; clock <= Math.max(...moments); clock += 100, mock.timers.tick(100)) {
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
});
