import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { watchHeartbeat } from '../../../service/workers/heartbeat.ts';

/** A worker that is watched for ten seconds, a beat each, on a clock of the test's own. */
function watched(t: Test) {
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  const seen = { beats: 0, stops: 0, answers: true };
  const beat = (): Promise<void> => {
    seen.beats++;
    return seen.answers ? Promise.resolve() : Promise.reject(new Error('gone'));
  };
  const stop = watchHeartbeat(beat, 10, () => void seen.stops++);
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      mock.timers.tick(1000);
      await setImmediate();
    }
  };
  return { seen, stop, pass };
}

t.test('a worker is given up, once, when it has not answered for as long as it may', async (t) => {
  const { seen, pass } = watched(t);
  await pass(100);
  t.match(seen, { beats: 100, stops: 0 });
  seen.answers = false;
  await pass(10);
  t.equal(seen.stops, 0);
  await pass(1);
  t.equal(seen.stops, 1);
  await pass(100);
  t.match(seen, { beats: 110, stops: 1 });
});

t.test('an answer in time makes good', async (t) => {
  const { seen, pass, stop } = watched(t);
  for (let i = 0; i < 5; i++) {
    seen.answers = false;
    await pass(9);
    seen.answers = true;
    await pass(1);
  }
  t.match(seen, { beats: 50, stops: 0 });
  stop();
  await pass(100);
  t.match(seen, { beats: 50, stops: 0 }, 'nobody is watched any more');
});
