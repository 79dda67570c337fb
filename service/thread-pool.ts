/** The thread pool of libuv, in which the engines of OpenSSL and AWS-LC compute. */

import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';

/** The second thread is for DNS lookups while the first computes. */
const MIN_THREADS = 2;

/**
 * Sets UV_THREADPOOL_SIZE, unless it is set, to the cores of this machine divided by the number of processes that serve.
 * More threads would only compete with the event loop. Call it before anything uses the pool: libuv reads the variable
 * once.
 */
export function sizeThreadPool(environment: NodeJS.ProcessEnv, processes: number): void {
  const cores = Math.ceil(availableParallelism() / processes);
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(MIN_THREADS, cores));
}

/** The niceness of the pool. 19 is the lowest priority. */
const NICENESS = 10;

/**
 * Lowers the priority of the pool on Linux. The event loop needs a tenth of the time of a request, so health checks and
 * rejections get their replies while every core computes. Call it when the threads have started. It does nothing where
 * the system does not permit it.
 */
export function lowerPoolPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const id of readdirSync('/proc/self/task')) {
      if (nameOf(id) === 'libuv-worker') setPriority(Number(id), NICENESS);
    }
  } catch {
    // A sandbox may have no /proc or may forbid setpriority(2). All threads then have the same priority.
  }
}

const nameOf = (thread: string): string => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
