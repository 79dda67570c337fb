/** One worker as the primary sees it, from start to end. Times in milliseconds unless another unit is named. */

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { passLines } from '../../plugins/log/whole-lines.ts';
import type { PrimaryRequests, WorkerRequests, WorkerSettings } from './messages.ts';
import { openChannel, type Channel, type Handlers } from './channel.ts';
import type { Measured, Snapshot } from './exposition.ts';
import { watchHeartbeat } from './heartbeat.ts';
import type { LeaseBook, Lessee } from './leases/lease-book.ts';
import type { LineLog } from './log-relay.ts';

/** Why a worker is replaced: it ended with exit code 0, it crashed, or it did not respond to pings. */
export const REASONS = ['left', 'crashed', 'hung'] as const;

export type Reason = (typeof REASONS)[number];

export interface WorkerExit {
  readonly reason: Reason;
  readonly code: number | null;
  readonly signal: string | null;
  /** How long the worker had served; 0 if it never did. */
  readonly uptime: number;
}

export interface WorkerProcess extends Measured, Lessee {
  readonly pid: number | undefined;
  /** Whether it accepts connections. */
  readonly isServing: boolean;
  readonly channel: Channel<PrimaryRequests>;
  /** Resolves when it accepts connections; never if it ends before. */
  readonly serving: Promise<{ readonly isReloadable: boolean }>;
  /** Resolves when the process has ended and its whole log is read. */
  readonly ended: Promise<WorkerExit>;
  kill(): void;
}

export interface WorkerOptions {
  readonly settings: WorkerSettings;
  readonly book: LeaseBook;
  readonly exposition: () => Promise<string>;
  readonly onFinalMetrics: (worker: WorkerProcess, snapshot: Snapshot) => void;
  /** Receives the lines of the worker's log. */
  readonly lines: LineLog;
}

/** How long a start may take if WORKER_TIMEOUT is shorter. */
const START_TIMEOUT = 60_000;
/** How long a scrape waits for one worker. */
const SNAPSHOT_TIMEOUT = 1000;
/** How long a request waits for the unused units of another worker. */
const RECALL_TIMEOUT = 200;

export function launchWorker(options: WorkerOptions): WorkerProcess {
  const { settings, lines } = options;
  const timeout = settings.config.WORKER_TIMEOUT;
  const worker = cluster.fork();
  const state = { servingSince: Infinity, isHung: false, stopPings: (): void => {} };
  const killHung = (): void => {
    state.isHung = true;
    worker.process.kill('SIGKILL');
  };
  const startTimer = setTimeout(killHung, Math.max(START_TIMEOUT, timeout * 1000));
  const { promise: serving, resolve } = Promise.withResolvers<{ readonly isReloadable: boolean }>();
  const channel = openChannel<PrimaryRequests, WorkerRequests>(worker, {
    ...sharedHandlers(options, () => launched),
    serving(ready) {
      clearTimeout(startTimer);
      state.servingSince = performance.now();
      state.stopPings = watchHeartbeat(() => channel.call('ping', undefined), timeout, killHung);
      resolve(ready);
    },
  });
  const launched: WorkerProcess = {
    pid: worker.process.pid,
    get isServing() {
      return state.servingSince < Infinity;
    },
    channel,
    serving,
    ended: exitOf(worker, lines).then(([code, signal]) => {
      clearTimeout(startTimer);
      state.stopPings();
      const reason = state.isHung ? 'hung' : code === 0 ? 'left' : 'crashed';
      return { reason, code, signal, uptime: Math.max(0, performance.now() - state.servingSince) };
    }),
    snapshot: () => channel.call('snapshot', undefined, SNAPSHOT_TIMEOUT),
    recall: (window) => channel.call('recall', window, RECALL_TIMEOUT),
    noteFull: (window) => void channel.call('noteFull', window).catch(() => {}),
    kill: () => void worker.process.kill('SIGKILL'),
  };
  return launched;
}

/** What concerns all workers. */
const sharedHandlers = (
  { settings, book, exposition, onFinalMetrics, lines }: WorkerOptions,
  self: () => WorkerProcess,
): Omit<Handlers<WorkerRequests>, 'serving'> => ({
  settings: () => settings,
  lease: (request) => book.lease(self(), request),
  putBack: (returned) => book.putBack(returned),
  fullWindows: () => book.fullWindows(),
  whenLineWritten: (line) => lines.whenLineWritten(line),
  exposition,
  finalMetrics: (snapshot) => onFinalMetrics(self(), snapshot),
});

/** Resolves when the process has ended, its channel is closed and every line of its log is passed on. */
async function exitOf(
  worker: Worker,
  lines: LineLog,
): Promise<readonly [code: number | null, signal: string | null]> {
  const { stdout } = worker.process;
  const written = stdout && passLines(stdout, (text) => lines.write(text));
  const [[code, signal]] = await Promise.all([
    once(worker, 'exit') as Promise<[number | null, string | null]>,
    once(worker, 'disconnect'),
    written,
  ]);
  return [code, signal];
}
