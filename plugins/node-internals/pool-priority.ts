import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Added to the niceness of the process, whose highest value is 19. */
const FURTHER = 10;
const MAX_NICENESS = 19;

/**
 * Lowers the priority of libuv's threads below that of the event loop, so that probes and refusals are answered while every
 * core computes. Call it once the threads have started. Does nothing outside Linux, and nothing where it is forbidden.
 *
 * With 32 clients on 2 cores, the 99th percentile of `/livez` is 5 ms instead of 25 ms (median of 4 runs each).
 * Depends on the name that libuv gives its threads.
 */
export function lowerPoolPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const niceness = Math.min(getPriority() + FURTHER, MAX_NICENESS);
    for (const id of readdirSync('/proc/self/task')) {
      if (nameOf(id) === 'libuv-worker') setPriority(Number(id), niceness);
    }
  } catch {
    // A sandbox may have no /proc, or may forbid changes of priority.
  }
}

const nameOf = (thread: string): string => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
