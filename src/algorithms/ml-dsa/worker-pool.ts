/** Worker threads for what would hold up the event loop. They start when first needed, up to a fixed number. */

import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PkiError } from '../../base/errors.ts';
import { offHeapCopy } from './off-heap.ts';
import { buffersOf, octetStringsOf, type Reply, type Request } from './worker-protocol.ts';
import type { TaskInput, TaskName, TaskOutput } from './worker-tasks.ts';

export interface WorkerPool {
  /**
   * Copies the octets of `input` and computes in a thread. Throws the PkiError of the task, or PkiError
   * engine-unavailable when the thread ends before it has answered; the next call gets a new one.
   */
  run<Name extends TaskName>(name: Name, input: TaskInput<Name>): Promise<TaskOutput<Name>>;
  /** Ends the threads and rejects what they were at. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** The most threads at a time. */
  readonly size?: number;
  /** What a thread runs. */
  readonly entry?: URL;
}

interface Job {
  readonly request: Request;
  readonly settle: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** In TypeScript as it is written, in JavaScript as it is built (scripts/build.ts). */
const NOBLE_WORKER = new URL(`./noble-worker${extname(import.meta.filename)}`, import.meta.url);

export const createWorkerPool = (options: WorkerPoolOptions = {}): WorkerPool => new ThreadPool(options);

class ThreadPool implements WorkerPool {
  readonly #size: number;
  readonly #entry: URL;
  readonly #queue: Job[] = [];
  readonly #idle = new Set<Worker>();
  /** Every thread that lives, with what it is at. */
  readonly #threads = new Map<Worker, Job | undefined>();
  #closed = false;

  constructor({ size = availableParallelism(), entry = NOBLE_WORKER }: WorkerPoolOptions) {
    this.#size = size;
    this.#entry = entry;
  }

  run<Name extends TaskName>(name: Name, input: TaskInput<Name>): Promise<TaskOutput<Name>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw unavailable('the cryptographic engine is closed');
      this.#queue.push({ request: { name, input: copyOf(input) }, settle: settler(resolve, reject), reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { request, reject } of this.#queue.splice(0)) {
      for (const octets of octetStringsOf(request.input)) octets.fill(0);
      reject(unavailable('the cryptographic engine was closed'));
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
        job.reject(unavailable('no thread can be started for the cryptographic engine', error));
      }
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#entry);
    let cause: unknown;
    worker.on('message', (reply: Reply) => this.#finish(worker, reply));
    worker.on('messageerror', () => void worker.terminate());
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    worker.on('exit', () => this.#bury(worker, cause));
    return worker;
  }

  /** A thread keeps the process alive only while it is at something. */
  #assign(worker: Worker, job: Job): void {
    this.#idle.delete(worker);
    this.#threads.set(worker, job);
    worker.ref();
    worker.postMessage(job.request, buffersOf(job.request.input));
  }

  #finish(worker: Worker, reply: Reply): void {
    const job = this.#threads.get(worker);
    this.#threads.set(worker, undefined);
    this.#idle.add(worker);
    worker.unref();
    job?.settle(reply);
    this.#dispatch();
  }

  #bury(worker: Worker, cause: unknown): void {
    const job = this.#threads.get(worker);
    this.#threads.delete(worker);
    this.#idle.delete(worker);
    job?.reject(unavailable('a thread of the cryptographic engine ended early; try again', cause));
    this.#dispatch();
  }
}

function settler<Output>(resolve: (output: Output) => void, reject: (error: unknown) => void) {
  return (reply: Reply): void => {
    if ('output' in reply) resolve(reply.output as Output);
    else reject(errorOf(reply));
  };
}

const errorOf = ({ error, code }: Extract<Reply, { error: unknown }>): unknown =>
  error instanceof Error && code !== undefined ? new PkiError(code, error.message) : error;

/** With octets in buffers of their own: these are transferred, so that no secret stays behind in this thread. */
const copyOf = <Input extends object>(input: Input): Input =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? offHeapCopy(value) : value,
    ]),
  ) as Input;

const firstOf = <Member>(set: ReadonlySet<Member>): Member | undefined => set.values().next().value;

const unavailable = (message: string, cause?: unknown): PkiError =>
  Object.assign(new PkiError('engine-unavailable', message), { cause });
