/** One worker, as the primary sees it: from its start to its end. Times in milliseconds unless another unit is named. */

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PrimaryRequests, WorkerRequests, WorkerSettings } from './messages.ts';
import { openChannel, type Answers, type Channel } from './channel.ts';
import type { Measured, Snapshot } from './exposition.ts';
import { watchHeartbeat } from './heartbeat.ts';
import type { LineLog } from './log-relay.ts';

/** Why another takes its place: it said that it leaves, it broke down, or it did not answer. */
export const REASONS = ['left', 'crashed', 'hung'] as const;

export type Reason = (typeof REASONS)[number];

export interface Ending {
  readonly reason: Reason;
  readonly code: number | null;
  readonly signal: string | null;
  /** How long it had served. */
  readonly lived: number;
}

export interface WorkerProcess extends Measured {
  readonly pid: number | undefined;
  /** Whether it takes connections. */
  readonly isServing: boolean;
  readonly channel: Channel<PrimaryRequests>;
  /** Answers once it takes connections; never where it ends before. */
  readonly serving: Promise<{ readonly isReloadable: boolean }>;
  /** Answers once all that it wrote is read. */
  readonly ended: Promise<Ending>;
  kill(): void;
}

export interface WorkerOptions {
  readonly orders: WorkerSettings;
  /** What the primary answers it, besides its orders, when it serves and what it says at its end. */
  readonly answers: Pick<Answers<WorkerRequests>, 'count' | 'exposition'>;
  readonly saidFarewell: (worker: WorkerProcess, snapshot: Snapshot) => void;
  /** Takes each line of its log. */
  readonly lines: LineLog;
}

/** How long a start may take, where WORKER_TIMEOUT is shorter. */
const LONGEST_START = 60_000;
/** How long a scrape waits for one worker. */
const SNAPSHOT_PATIENCE = 1000;

export function launchWorker({ orders, answers, saidFarewell, lines }: WorkerOptions): WorkerProcess {
  const timeout = orders.config.WORKER_TIMEOUT;
  const worker = cluster.fork();
  const life = { since: Infinity, isHung: false, stopWatching: (): void => {} };
  const giveUp = (): void => {
    life.isHung = true;
    worker.process.kill('SIGKILL');
  };
  const startTimer = setTimeout(giveUp, Math.max(LONGEST_START, timeout * 1000));
  const { promise: serving, resolve } = Promise.withResolvers<{ readonly isReloadable: boolean }>();
  const channel = openChannel<PrimaryRequests, WorkerRequests>(worker, {
    ...answers,
    fateOfLine: (line) => lines.fateOf(line),
    begin: () => orders,
    serving(news) {
      clearTimeout(startTimer);
      life.since = performance.now();
      life.stopWatching = watchHeartbeat(() => channel.call('beat', undefined), timeout, giveUp);
      resolve(news);
    },
    farewell: (snapshot) => saidFarewell(launched, snapshot),
  });
  const launched: WorkerProcess = {
    pid: worker.process.pid,
    get isServing() {
      return life.since < Infinity;
    },
    channel,
    serving,
    ended: endOf(worker, lines).then(([code, signal]) => {
      clearTimeout(startTimer);
      life.stopWatching();
      const reason = life.isHung ? 'hung' : code === 0 ? 'left' : 'crashed';
      return { reason, code, signal, lived: Math.max(0, performance.now() - life.since) };
    }),
    snapshot: () => channel.call('snapshot', undefined, SNAPSHOT_PATIENCE),
    kill: () => void worker.process.kill('SIGKILL'),
  };
  return launched;
}

/** Once it has ended, its channel is closed and every line of it has been passed on. */
async function endOf(
  worker: Worker,
  lines: LineLog,
): Promise<readonly [code: number | null, signal: string | null]> {
  const { stdout } = worker.process;
  const written = stdout && createInterface({ input: stdout }).on('line', (line) => lines.write(`${line}\n`));
  const [[code, signal]] = await Promise.all([
    once(worker, 'exit') as Promise<[number | null, string | null]>,
    once(worker, 'disconnect'),
    written && once(written, 'close'),
  ]);
  return [code, signal];
}
