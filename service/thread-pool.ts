/** The threads of libuv, in which the engines of OpenSSL and AWS-LC compute. */

import { availableParallelism } from 'node:os';

/** One thread may look up a name while the other computes. */
const MIN_THREADS = 2;

/**
 * One thread for each core of this process, where `processes` share the cores. More threads would only compete with the
 * event loop. Must be called before anything uses the pool, because libuv reads UV_THREADPOOL_SIZE only once. A value that
 * the environment already has is kept.
 */
export function sizeThreadPool(environment: NodeJS.ProcessEnv, processes: number): void {
  const cores = Math.ceil(availableParallelism() / processes);
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(MIN_THREADS, cores));
}
