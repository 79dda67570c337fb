import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { createPause } from '../../src/base/next-turn.ts';

/** A pause with a clock that a test sets, in milliseconds. */
function withClock() {
  let time = 0;
  return { pause: createPause(() => time), take: (milliseconds: number) => (time += milliseconds) };
}

t.test('short work has no pause', async (t) => {
  const { pause, take } = withClock();
  for (let i = 0; i < 10; i++) {
    t.equal(pause(), undefined);
    take(0.04);
  }
});

t.test('long work pauses until the next turn of the event loop', async (t) => {
  const { pause, take } = withClock();
  let hasRun = false;
  setImmediate(() => (hasRun = true));
  t.equal(pause(), undefined);
  take(0.4);
  t.equal(pause(), undefined);
  take(0.1);
  await pause();
  t.ok(hasRun);
});

t.test('all work that begins in a turn shares its time', async (t) => {
  const { pause, take } = withClock();
  t.equal(pause(), undefined);
  take(0.5);
  t.type(pause(), Promise, 'of one task');
  t.type(pause(), Promise, 'of another');
});

t.test('a new turn has new time', async (t) => {
  const { pause, take } = withClock();
  t.equal(pause(), undefined);
  take(5);
  await nextTurn();
  t.equal(pause(), undefined);
  take(0.25);
  t.equal(pause(), undefined);
  take(0.25);
  t.type(pause(), Promise);
});

t.test('work that continues has its own time', async (t) => {
  const { pause, take } = withClock();
  t.equal(pause(), undefined);
  take(0.5);
  const continued = [1, 2].map(async () => {
    await pause();
    take(0.4);
    t.equal(pause(), undefined);
    take(0.1);
    t.type(pause(), Promise);
  });
  await Promise.all(continued);
});
