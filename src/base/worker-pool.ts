/** Runs tasks in worker threads, so that they do not block the event loop. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PkiError, type ErrorCode } from './errors.ts';
import { offHeapCopy } from './octets.ts';
import { octetsOf, transferList, type Reply, type Request, type TaskTable } from './worker-pool-thread.ts';

/** `Tasks` is the table that the thread serves (`worker-pool-thread.ts`). */
export interface WorkerPool<Tasks extends TaskTable> {
  /**
   * Returns the output of a task. The octets of `input` are copied at the call. Throws the error of the task, or PkiError
   * with the code of the pool when the thread ends too early; the next call gets a new thread.
   */
  run<Name extends TaskName<Tasks>>(
    name: Name,
    input: Parameters<Tasks[Name]>[0],
  ): Promise<ReturnType<Tasks[Name]>>;
  /** Ends the threads and rejects every unfinished task. */
  close(): Promise<void>;
}

type TaskName<Tasks> = keyof Tasks & string;

export interface WorkerPoolOptions {
  /** The program of a thread; it calls `serveTasks`. */
  readonly entry: URL;
  /** Subject of the error messages, for example "The database". */
  readonly subject: string;
  /** The code of the errors that no task throws, such as the end of a thread. */
  readonly code: ErrorCode;
  /** Maximum number of threads; by default one for each core. A thread starts when a task first needs it. */
  readonly size?: number | undefined;
}

interface Job {
  readonly request: Request;
  readonly settle: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

export const createWorkerPool = <Tasks extends TaskTable>(options: WorkerPoolOptions): WorkerPool<Tasks> =>
  new ThreadPool<Tasks>(options);

class ThreadPool<Tasks extends TaskTable> implements WorkerPool<Tasks> {
  readonly #options: WorkerPoolOptions;
  readonly #size: number;
  readonly #queue: Job[] = [];
  readonly #idle = new Set<Worker>();
  /** Every running thread, with its current job. */
  readonly #threads = new Map<Worker, Job | undefined>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#size = options.size ?? availableParallelism();
  }

  run<Name extends TaskName<Tasks>>(
    name: Name,
    input: Parameters<Tasks[Name]>[0],
  ): Promise<ReturnType<Tasks[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#unavailable('is closed');
      this.#queue.push({
        request: { name, input: withOwnBuffers(input) },
        settle: createSettler(resolve, reject),
        reject,
      });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { request, reject } of this.#queue.splice(0)) {
      for (const octets of octetsOf(request.input)) octets.fill(0);
      reject(this.#unavailable('was closed before the task was finished'));
    }
    await Promise.all([...this.#threads.keys()].map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#idle.size > 0 || this.#threads.size < this.#size) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      try {
        this.#assign(firstOf(this.#idle) ?? this.#start(), job);
      } catch (error) {
        job.reject(this.#unavailable('cannot start a thread', error));
      }
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#options.entry);
    let cause: unknown;
    worker.on('message', (reply: Reply) => this.#finish(worker, reply));
    worker.on('messageerror', () => void worker.terminate());
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    worker.on('exit', () => this.#onExit(worker, cause));
    return worker;
  }

  /** A thread keeps the process alive only while it has a job. */
  #assign(worker: Worker, job: Job): void {
    this.#idle.delete(worker);
    this.#threads.set(worker, job);
    worker.ref();
    worker.postMessage(job.request, transferList(job.request.input));
  }

  #finish(worker: Worker, reply: Reply): void {
    const job = this.#threads.get(worker);
    this.#threads.set(worker, undefined);
    this.#idle.add(worker);
    // A thread that is ended keeps the process alive until it has: `close` waits for it.
    if (!this.#closed) worker.unref();
    job?.settle(reply);
    this.#dispatch();
  }

  #onExit(worker: Worker, cause: unknown): void {
    const job = this.#threads.get(worker);
    this.#threads.delete(worker);
    this.#idle.delete(worker);
    job?.reject(this.#unavailable('lost a thread during the task; try again', cause));
    this.#dispatch();
  }

  #unavailable(predicate: string, cause?: unknown): PkiError {
    const { code, subject } = this.#options;
    return Object.assign(new PkiError(code, `${subject} ${predicate}`), { cause });
  }
}

function createSettler<Output>(resolve: (output: Output) => void, reject: (error: unknown) => void) {
  return (reply: Reply): void => {
    if ('output' in reply) resolve(reply.output as Output);
    else if ('pkiError' in reply) reject(new PkiError(...reply.pkiError));
    else reject(reply.error);
  };
}

/** Copies octets into buffers of their own, which are then transferred: no copy of a secret stays in this thread. */
const withOwnBuffers = (input: object): object =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Uint8Array ? offHeapCopy(value) : value,
    ]),
  );

const firstOf = <Member>(set: ReadonlySet<Member>): Member | undefined => set.values().next().value;
