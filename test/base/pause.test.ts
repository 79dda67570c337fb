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
  take(0.9);
  t.equal(pause(), undefined);
  take(0.1);
  await pause();
  t.ok(hasRun);
});

t.test('all work that begins in a turn shares its time', async (t) => {
  const { pause, take } = withClock();
  t.equal(pause(), undefined);
  take(1);
  t.type(pause(), Promise, 'of one task');
  t.type(pause(), Promise, 'of another');
});

t.test('a new turn has new time', async (t) => {
  const { pause, take } = withClock();
  t.equal(pause(), undefined);
  take(5);
  await nextTurn();
  t.equal(pause(), undefined);
  take(0.5);
  t.equal(pause(), undefined);
  take(0.5);
  t.type(pause(), Promise);
});

t.test('in each turn one work continues, that which has waited longest, with its own time', async (t) => {
  const { pause, take } = withClock();
  const order: string[] = [];
  t.equal(pause(), undefined);
  take(1);
  const work = ['first', 'second'].map(async (name) => {
    await pause();
    order.push(name);
    take(0.9);
    t.equal(pause(), undefined);
    take(0.1);
    await pause();
    order.push(`${name} again`);
  });
  setImmediate(() => order.push('another turn'));
  await Promise.all(work);
  t.same(order, ['first', 'another turn', 'second', 'first again', 'second again']);
});
