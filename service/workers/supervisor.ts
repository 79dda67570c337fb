/** Keeps the configured number of workers running: replaces those that end, and stops all of them together. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { createBackoff } from './backoff.ts';
import type { Reason, WorkerExit, WorkerProcess } from './worker-process.ts';

export interface SupervisorOptions {
  readonly count: number;
  /** `announces` is whether the worker logs the address that it listens on. */
  readonly launch: (announces: boolean) => WorkerProcess;
  /** Called when a worker has ended. */
  readonly ended: (worker: WorkerProcess) => void;
  /** Called when a worker is replaced. */
  readonly replaced: (reason: Reason) => void;
  /** Called when no worker runs and the service is not stopping. */
  readonly noneLeft: () => void;
  readonly log: FastifyBaseLogger;
}

export interface Supervisor {
  /** The running workers. */
  readonly workers: ReadonlySet<WorkerProcess>;
  /** Starts one worker, and the others when it serves. Returns how the first one ended if it never served. */
  start(): Promise<WorkerExit | undefined>;
  /** Whether SIGHUP reloads something. */
  readonly isReloadable: boolean;
  reload(): void;
  /** Resolves when all workers have ended: true if each ended without an error. */
  leave(): Promise<boolean>;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const set = createWorkerSet(options);
  const leaving = new AbortController();
  const slots: Promise<boolean>[] = [];
  let isReloadable = false;
  const supervise = (slot: number, first: WorkerProcess): void =>
    void slots.push(superviseSlot(slot, first, { ...options, set, leaving: leaving.signal }));
  return {
    workers: set.workers,
    get isReloadable() {
      return isReloadable;
    },
    async start() {
      const first = set.launch(true);
      const result = await Promise.race([first.serving, first.ended]);
      if ('reason' in result) {
        if (result.signal !== null)
          options.log.fatal(`the first worker ${describeExit(result)} before it served`);
        return leaving.signal.aborted ? undefined : result;
      }
      ({ isReloadable } = result);
      supervise(1, first);
      for (let slot = 2; slot <= options.count && !leaving.signal.aborted; slot++)
        supervise(slot, set.launch(false));
      return undefined;
    },
    reload() {
      for (const worker of set.workers) send(worker, 'reload');
    },
    async leave() {
      leaving.abort();
      for (const worker of set.workers) {
        send(worker, 'leave');
        void sendLeaveWhenServing(worker);
      }
      await Promise.all([...set.workers].map(({ ended }) => ended));
      return (await Promise.all(slots)).every(Boolean);
    },
  };
}

/** A worker that is ending may not respond, which does not matter. */
const send = ({ channel }: WorkerProcess, name: 'reload' | 'leave'): void =>
  void channel.call(name, undefined).catch(() => {});

/** A worker that is starting may not handle the first request to leave. */
async function sendLeaveWhenServing(worker: WorkerProcess): Promise<void> {
  await worker.serving;
  send(worker, 'leave');
}

interface WorkerSet {
  /** The running workers. */
  readonly workers: ReadonlySet<WorkerProcess>;
  launch(announces: boolean): WorkerProcess;
}

function createWorkerSet({ launch, ended }: SupervisorOptions): WorkerSet {
  const workers = new Set<WorkerProcess>();
  const onExit = async (worker: WorkerProcess): Promise<void> => {
    await worker.ended;
    workers.delete(worker);
    ended(worker);
  };
  return {
    workers,
    launch(announces) {
      const worker = launch(announces);
      workers.add(worker);
      void onExit(worker);
      return worker;
    },
  };
}

interface SlotOptions extends SupervisorOptions {
  readonly set: WorkerSet;
  readonly leaving: AbortSignal;
}

/** Resolves when the service stops: true if the last worker in this slot ended without an error. */
async function superviseSlot(
  slot: number,
  first: WorkerProcess,
  { set, leaving, replaced, noneLeft, log }: SlotOptions,
): Promise<boolean> {
  const backoff = createBackoff();
  for (let worker = first; ; worker = set.launch(false)) {
    if (worker !== first) void logRestart(worker);
    const exit = await worker.ended;
    if (leaving.aborted) return exit.code === 0 || exit.uptime === 0;
    const delay = backoff.next(exit.uptime);
    log.error(`worker ${slot} ${describeExit(exit)}; a new worker starts in ${delay} ms`);
    if (set.workers.size === 0) noneLeft();
    await sleep(delay, undefined, { signal: leaving }).catch(() => {});
    if (leaving.aborted) return true;
    replaced(exit.reason);
  }

  async function logRestart({ pid, serving }: WorkerProcess): Promise<void> {
    await serving;
    log.info(`worker ${slot} serves again as process ${pid}`);
  }
}

function describeExit({ reason, code, signal }: WorkerExit): string {
  if (reason === 'hung') return 'did not respond for WORKER_TIMEOUT and was killed';
  if (signal !== null) return `was ended by ${signal}`;
  return `ended with exit code ${code}`;
}
