import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, getPriority } from 'node:os';
import t from 'tap';
import { WITHOUT_STORE, run, START } from '../support/process.ts';

const skip = process.platform !== 'linux' && 'only Linux shows the threads of a process';

/** Returns the name and the niceness of each thread (proc(5), field 19 of stat). */
function threadsOf(pid: number): { readonly name: string; readonly niceness: number }[] {
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8');
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? [];
    return { name, niceness: Number(rest.split(' ')[16]) };
  });
}

/** The niceness of this process, which the service inherits: tests may run with `nice`. */
const NICENESS = getPriority();

t.test(
  'the pool has a thread for each core, with a lower priority than the event loop',
  { skip },
  async (t) => {
    for (const [given, count] of [
      [{}, Math.max(2, availableParallelism())],
      [{ UV_THREADPOOL_SIZE: '3' }, 3],
    ] as const) {
      const service = run(t, [START], { ...WITHOUT_STORE, CRYPTO_ENGINE: 'node', ...given });
      await service.listening;
      const threads = threadsOf(service.pid ?? 0);
      const computing = threads.filter(({ name }) => name === 'libuv-worker');
      t.same(
        computing.map(({ niceness }) => niceness),
        Array(count).fill(Math.min(NICENESS + 10, 19)),
      );
      t.equal(threads.find(({ name }) => !name.startsWith('libuv'))?.niceness, NICENESS);
      service.kill('SIGTERM');
      t.equal((await service.end).code, 0);
    }
  },
);
