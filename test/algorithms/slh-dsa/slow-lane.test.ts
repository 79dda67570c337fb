/** The order of slow operations, with operations that end when the test says so. */

import t from 'tap';
import { createSlowLane, withPrecedence, type SlowLane } from '../../../src/algorithms/slh-dsa/slow-lane.ts';

/** An operation that ends when the test says so. */
interface Operation {
  readonly name: string;
  readonly done: Promise<string>;
  readonly end: () => void;
}

/** Runs operations in a lane, and keeps the names of those that have begun, in this order. */
function openLane(lane: SlowLane) {
  const begun: string[] = [];
  const operation = (name: string, milliseconds: number, isFirst = false): Operation => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const task = () =>
      lane.run(milliseconds, () => {
        begun.push(name);
        return promise;
      });
    return { name, done: isFirst ? withPrecedence(task) : task(), end: () => resolve(name) };
  };
  return { begun, operation };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Ends the operations in the order in which they begin. */
async function endAll(begun: readonly string[], operations: readonly Operation[]): Promise<void> {
  for (let ended = 0; ended < operations.length; ended += 1) {
    await turn();
    const running = operations.find(({ name }) => name === begun[ended]);
    running?.end();
    await running?.done;
  }
}

t.test('slow operations run one after the other, in their order', async (t) => {
  const lane = createSlowLane();
  const { begun, operation } = openLane(lane);
  const operations = ['1', '2', '3'].map((name) => operation(name, 1));
  await turn();
  t.same(begun, ['1'], 'the first is alone');
  await endAll(begun, operations);
  t.same(begun, ['1', '2', '3']);
});

t.test('an operation is refused while the ones before it take too long', async (t) => {
  const lane = createSlowLane(100);
  const { operation } = openLane(lane);
  const first = operation('first', 60);
  const second = operation('second', 60);
  t.equal(lane.load, 1.2);
  await t.rejects(operation('third', 1).done, { code: 'overloaded' });
  first.end();
  await first.done;
  second.end();
  t.equal(await second.done, 'second');
  t.equal(lane.load, 0);
  t.equal(await lane.run(1, async () => 'later'), 'later', 'an operation after them runs');
});

t.test('an operation that fails does not stop the next ones', async (t) => {
  const lane = createSlowLane();
  const failing = lane.run(1, () => Promise.reject(new Error('it fails')));
  const next = lane.run(1, async () => 'next');
  await t.rejects(failing, /it fails/);
  t.equal(await next, 'next');
});

t.test('an operation with precedence waits for the one that runs only', async (t) => {
  const lane = createSlowLane(100);
  const { begun, operation } = openLane(lane);
  const callers = ['1', '2', '3'].map((name) => operation(name, 40));
  await t.rejects(operation('4', 40).done, { code: 'overloaded' }, 'the lane of the callers is full');
  const crl = operation('crl', 40, true);
  const other = operation('other', 40, true);
  await endAll(begun, [...callers, crl, other]);
  t.same(begun, ['1', 'crl', 'other', '2', '3']);
});

t.test('operations with precedence are limited too, and do not refuse those of callers', async (t) => {
  const lane = createSlowLane(100);
  const { begun, operation } = openLane(lane);
  const own = ['a', 'b', 'c'].map((name) => operation(name, 40, true));
  await t.rejects(operation('d', 40, true).done, { code: 'overloaded' });
  t.equal(lane.load, 0);
  const caller = operation('1', 40);
  await endAll(begun, [...own, caller]);
  t.same(begun, ['a', 'b', 'c', '1']);
});

t.test(
  'whatever callers send, an operation with precedence begins after at most one of theirs',
  async (t) => {
    // Random times and arrivals; the seed makes a failure repeatable
    let seed = 20_261_129;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 50; round += 1) {
      const lane = createSlowLane();
      const { begun, operation } = openLane(lane);
      const before = Array.from({ length: random(8) }, (_, index) =>
        operation(`before ${index}`, random(1000)),
      );
      await turn();
      for (const { name, end, done } of before.slice(0, random(before.length + 1))) {
        end();
        await done;
        t.ok(begun.includes(name));
      }
      await turn();
      const begunBefore = begun.length;
      const crl = operation('crl', 1000, true);
      const after = Array.from({ length: random(8) }, (_, index) =>
        operation(`after ${index}`, random(1000)),
      );
      const open = [...before, crl, ...after];
      for (const { end } of open) end();
      await Promise.allSettled(open.map(({ done }) => done));
      t.equal(begun.indexOf('crl'), begunBefore, `round ${round}: next, after the one that ran`);
    }
  },
);
