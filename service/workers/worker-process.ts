/** One worker as the primary sees it, from start to end. Times in milliseconds unless another unit is named. */

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PrimaryRequests, WorkerRequests, WorkerSettings } from './messages.ts';
import { openChannel, type Channel, type Handlers } from './channel.ts';
import type { Measured, Snapshot } from './exposition.ts';
import { watchHeartbeat } from './heartbeat.ts';
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

export interface WorkerProcess extends Measured {
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
  readonly handlers: Pick<
    Handlers<WorkerRequests>,
    'incrementCount' | 'readCount' | 'giveBack' | 'exposition'
  >;
  readonly onFinalMetrics: (worker: WorkerProcess, snapshot: Snapshot) => void;
  /** Receives each line of the worker's log. */
  readonly lines: LineLog;
}

/** How long a start may take if WORKER_TIMEOUT is shorter. */
const START_TIMEOUT = 60_000;
/** How long a scrape waits for one worker. */
const SNAPSHOT_TIMEOUT = 1000;

export function launchWorker({ settings, handlers, onFinalMetrics, lines }: WorkerOptions): WorkerProcess {
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
    ...handlers,
    whenLineWritten: (line) => lines.whenLineWritten(line),
    settings: () => settings,
    serving(ready) {
      clearTimeout(startTimer);
      state.servingSince = performance.now();
      state.stopPings = watchHeartbeat(() => channel.call('ping', undefined), timeout, killHung);
      resolve(ready);
    },
    finalMetrics: (snapshot) => onFinalMetrics(launched, snapshot),
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
    kill: () => void worker.process.kill('SIGKILL'),
  };
  return launched;
}

/** Resolves when the process has ended, its channel is closed and every line of its log is passed on. */
async function exitOf(
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
