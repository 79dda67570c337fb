/**
 * Group commit: calls that arrive while a commit runs are put into the next one. So the number of calls a second does
 * not depend on the time that a disk needs for one commit.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { storeUnavailable } from '../unavailable.ts';
import type { Settled } from './commit.ts';
import type { Call, WriteName } from './transactions.ts';

export interface GroupCommitOptions {
  /** Runs calls in one transaction, and resolves when they are on disk. A rejection is the result of each call. */
  readonly commit: (calls: readonly Call<WriteName>[]) => Promise<readonly Settled[]>;
  /** The most calls that wait. Further ones are refused at once. */
  readonly queue: number;
  /** The most calls in one commit. */
  readonly size: number;
  /** The most milliseconds from a call to its result. */
  readonly timeout: number;
}

interface Job {
  readonly call: Call<WriteName>;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting = new Set<Job>();
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Rejects with PkiError store-unavailable when the queue is full or time is up. Then the outcome may be unknown. */
  run(call: Call<WriteName>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw storeUnavailable('is closed');
      if (this.#waiting.size >= this.#options.queue) throw storeUnavailable('has too many writes waiting');
      const expire = (): void => {
        this.#waiting.delete(job);
        reject(storeUnavailable('did not finish a write in time'));
      };
      // A process that was busy first reads what has arrived (setImmediate).
      const timer = setTimeout(() => setImmediate(expire), this.#options.timeout);
      const job: Job = { call, resolve, reject, timer };
      this.#waiting.add(job);
      this.#working ??= this.#work();
    });
  }

  /** Finishes what waits. Later calls are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    // Calls of the same turn of the event loop are in the first commit.
    await nextTurn();
    while (this.#waiting.size > 0) {
      const jobs = [...this.#waiting].slice(0, this.#options.size);
      for (const job of jobs) this.#waiting.delete(job);
      await this.#commit(jobs);
    }
    this.#working = undefined;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    let settled: readonly Settled[];
    try {
      settled = await this.#options.commit(jobs.map(({ call }) => call));
    } catch (error) {
      settled = jobs.map(() => ({ error }));
    }
    for (const [index, job] of jobs.entries()) finish(job, settled[index]);
  }
}

function finish({ resolve, reject, timer }: Job, settled: Settled | undefined): void {
  clearTimeout(timer);
  if (settled !== undefined && 'output' in settled) resolve(settled.output);
  else reject(settled?.error);
}
