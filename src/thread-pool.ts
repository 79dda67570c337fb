/** The threads of libuv, in which the engines of OpenSSL and AWS-LC compute. */

import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, getPriority, setPriority } from 'node:os';

/** Also for who looks up a name while the other computes. */
const FEWEST = 2;

/**
 * A thread for each core that this process has, of as many as serve together; more would only take turns with the event
 * loop. Before anything uses the pool: libuv looks only once. UV_THREADPOOL_SIZE goes before it.
 */
export function sizeThreadPool(environment: NodeJS.ProcessEnv, processes: number): void {
  const cores = Math.ceil(availableParallelism() / processes);
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(FEWEST, cores));
}

/** How much more these threads yield than the event loop does. */
const FURTHER = 10;

/** The most that a thread can yield. */
const MOST = 19;

/**
 * Has Linux prefer the event loop, which takes a tenth of a request, to the threads that compute the rest of it: probes
 * and refusals are answered while every core computes. Once the threads have started; not where that is forbidden.
 */
export function yieldToEventLoop(): void {
  if (process.platform !== 'linux') return;
  try {
    const niceness = Math.min(getPriority() + FURTHER, MOST);
    for (const id of readdirSync('/proc/self/task')) {
      if (nameOf(id) === 'libuv-worker') setPriority(Number(id), niceness);
    }
  } catch {
    // A sandbox may have no /proc, or let nobody change a priority: all threads are alike there.
  }
}

const nameOf = (thread: string): string => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
