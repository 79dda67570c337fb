import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { watchHeartbeat } from '../../../service/workers/heartbeat.ts';

/** A worker with a ping each second that may miss ten pings, with a mocked clock. */
function watched(t: Test) {
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  const seen = { pings: 0, timeouts: 0, responds: true };
  const ping = (): Promise<void> => {
    seen.pings++;
    return seen.responds ? Promise.resolve() : Promise.reject(new Error('gone'));
  };
  const stop = watchHeartbeat(ping, 10, () => void seen.timeouts++);
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      mock.timers.tick(1000);
      await setImmediate();
    }
  };
  return { seen, stop, pass };
}

t.test('a worker that does not respond in time is reported once', async (t) => {
  const { seen, pass } = watched(t);
  await pass(100);
  t.match(seen, { pings: 100, timeouts: 0 });
  seen.responds = false;
  await pass(10);
  t.equal(seen.timeouts, 0);
  await pass(1);
  t.equal(seen.timeouts, 1);
  await pass(100);
  t.match(seen, { pings: 110, timeouts: 1 });
});

t.test('a response in time resets the count', async (t) => {
  const { seen, pass, stop } = watched(t);
  for (let i = 0; i < 5; i++) {
    seen.responds = false;
    await pass(9);
    seen.responds = true;
    await pass(1);
  }
  t.match(seen, { pings: 50, timeouts: 0 });
  stop();
  await pass(100);
  t.match(seen, { pings: 50, timeouts: 0 }, 'no more pings are sent');
});
