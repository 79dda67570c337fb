/** The threads of libuv that pool-priority.ts finds on Linux. */

import { readdirSync, readFileSync } from 'node:fs';
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import t from 'tap';
import { lowerPoolPriority } from '../../../plugins/node-internals/pool-priority.ts';

const skip = process.platform !== 'linux' && 'only Linux shows the threads of a process';

/** Name and niceness (proc(5), field 19 of stat) of each thread of this process. */
function threads(): { readonly name: string; readonly niceness: number }[] {
  return readdirSync('/proc/self/task').map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? [];
    return { name, niceness: Number(rest.split(' ')[16]) };
  });
}

const workers = () => threads().filter(({ name }) => name === 'libuv-worker');

t.test('the threads of the pool have a lower priority than the event loop', { skip }, async (t) => {
  // Starts the threads.
  await promisify(pbkdf2)('a', 'b', 1, 8, 'sha256');
  const before = workers().map(({ niceness }) => niceness);
  t.not(before.length, 0, `Node ${process.version} names no thread libuv-worker: see pool-priority.ts`);
  const others = threads().filter(({ name }) => name !== 'libuv-worker');
  lowerPoolPriority();
  t.same(
    workers().map(({ niceness }) => niceness),
    before.map((niceness) => Math.max(niceness, 10)),
  );
  t.same(
    threads().filter(({ name }) => name !== 'libuv-worker'),
    others,
    'no other thread has changed',
  );
});
