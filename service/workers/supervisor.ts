/** Keeps as many workers as are wanted: replaces those that end, and ends all together. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { createBackoff } from './backoff.ts';
import type { Ending, Reason, WorkerProcess } from './worker-process.ts';

export interface SupervisorOptions {
  readonly count: number;
  /** `announces` is whether this one tells the log where it listens. */
  readonly launch: (announces: boolean) => WorkerProcess;
  /** A worker that has ended: its measurements stay. */
  readonly ended: (worker: WorkerProcess) => void;
  readonly replaced: (reason: Reason) => void;
  /** None runs at the moment. */
  readonly noneLeft: () => void;
  readonly log: FastifyBaseLogger;
}

export interface Supervisor {
  /** Those that run. */
  readonly workers: ReadonlySet<WorkerProcess>;
  /** Starts one, and when it serves the others. Answers how the first ended, where it ended without having served. */
  start(): Promise<Ending | undefined>;
  /** Whether SIGHUP has a meaning. */
  readonly isReloadable: boolean;
  reload(): void;
  /** Answers when all have ended, and whether each did as it should. */
  leave(): Promise<boolean>;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const staff = createStaff(options);
  const leaving = new AbortController();
  const places: Promise<boolean>[] = [];
  let isReloadable = false;
  const keep = (place: number, first: WorkerProcess): void =>
    void places.push(keepPlace(place, first, { ...options, staff, leaving: leaving.signal }));
  return {
    workers: staff.workers,
    get isReloadable() {
      return isReloadable;
    },
    async start() {
      const first = staff.launch(true);
      const news = await Promise.race([first.serving, first.ended]);
      if ('reason' in news) {
        if (news.signal !== null) options.log.fatal(`the first worker ${wordsFor(news)} before it served`);
        return leaving.signal.aborted ? undefined : news;
      }
      ({ isReloadable } = news);
      keep(1, first);
      for (let place = 2; place <= options.count && !leaving.signal.aborted; place++)
        keep(place, staff.launch(false));
      return undefined;
    },
    reload() {
      for (const worker of staff.workers) tell(worker, 'reload');
    },
    async leave() {
      leaving.abort();
      for (const worker of staff.workers) {
        tell(worker, 'leave');
        void tellLater(worker);
      }
      await Promise.all([...staff.workers].map(({ ended }) => ended));
      return (await Promise.all(places)).every(Boolean);
    },
  };
}

/** What a worker that is ending no longer hears does not matter. */
const tell = ({ channel }: WorkerProcess, name: 'reload' | 'leave'): void =>
  void channel.call(name, undefined).catch(() => {});

/** One that is starting may not hear that it should leave. */
async function tellLater(worker: WorkerProcess): Promise<void> {
  await worker.serving;
  tell(worker, 'leave');
}

/** Those who work at the moment. */
interface Staff {
  readonly workers: ReadonlySet<WorkerProcess>;
  launch(announces: boolean): WorkerProcess;
}

function createStaff({ launch, ended }: SupervisorOptions): Staff {
  const workers = new Set<WorkerProcess>();
  const seeOff = async (worker: WorkerProcess): Promise<void> => {
    await worker.ended;
    workers.delete(worker);
    ended(worker);
  };
  return {
    workers,
    launch(announces) {
      const worker = launch(announces);
      workers.add(worker);
      void seeOff(worker);
      return worker;
    },
  };
}

interface Keeping extends SupervisorOptions {
  readonly staff: Staff;
  readonly leaving: AbortSignal;
}

/** Answers, when the service leaves, whether the last worker in this place ended as it should. */
async function keepPlace(
  place: number,
  first: WorkerProcess,
  { staff, leaving, replaced, noneLeft, log }: Keeping,
): Promise<boolean> {
  const backoff = createBackoff();
  for (let worker = first; ; worker = staff.launch(false)) {
    if (worker !== first) void told(worker);
    const ending = await worker.ended;
    if (leaving.aborted) return ending.code === 0 || ending.lived === 0;
    const pause = backoff.next(ending.lived);
    log.error(`worker ${place} ${wordsFor(ending)}; another takes its place in ${pause} ms`);
    if (staff.workers.size === 0) noneLeft();
    await sleep(pause, undefined, { signal: leaving }).catch(() => {});
    if (leaving.aborted) return true;
    replaced(ending.reason);
  }

  async function told({ pid, serving }: WorkerProcess): Promise<void> {
    await serving;
    log.info(`worker ${place} serves again, as process ${pid}`);
  }
}

function wordsFor({ reason, code, signal }: Ending): string {
  if (reason === 'hung') return 'did not answer for WORKER_TIMEOUT and was killed';
  if (reason === 'left') return 'has left';
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
