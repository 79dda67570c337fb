import t from 'tap';
import { createBackoff } from '../../../service/workers/backoff.ts';

t.test('the delay doubles while workers end soon, and is short again after a long uptime', async (t) => {
  const backoff = createBackoff();
  const pauses = (count: number, lived: number) => Array.from({ length: count }, () => backoff.next(lived));
  t.same(pauses(4, 0), [100, 200, 400, 800]);
  t.same(pauses(8, 59_999), [1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  t.same(pauses(2, 60_000), [100, 100]);
  t.equal(backoff.next(0), 200);
});
