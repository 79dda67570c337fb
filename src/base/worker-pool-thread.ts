/** The side of the worker thread (`worker-pool.ts`): a table of tasks, one request and one reply at a time. */

import type { MessagePort } from 'node:worker_threads';
import { PkiError } from './errors.ts';

/**
 * Tasks by name. Input and output are objects that can be cloned. Their members of type Uint8Array change hands: the
 * thread zeroes those of the input after the task, and those of the output are transferred when they fill their buffer.
 */
export type TaskTable = Readonly<Record<string, (input: never) => object>>;

export interface Request {
  readonly name: string;
  readonly input: object;
}

export type Reply =
  | { readonly output: object }
  /** An error loses its class on the way, so a PkiError travels as its arguments. */
  | { readonly pkiError: ConstructorParameters<typeof PkiError> }
  | { readonly error: unknown };

/** Runs the tasks that the pool requests through `port`, the `parentPort` of a worker thread. */
export function serveTasks(port: MessagePort | null, tasks: TaskTable): void {
  port?.on('message', (request: Request) => {
    const reply = replyTo(tasks, request);
    port.postMessage(reply, 'output' in reply ? transferList(reply.output) : []);
  });
}

function replyTo(tasks: TaskTable, { name, input }: Request): Reply {
  try {
    const task = tasks[name];
    if (task === undefined) throw new Error(`There is no task ${name}`);
    return { output: task(input as never) };
  } catch (error) {
    if (error instanceof PkiError) return { pkiError: [error.code, error.message, error.path] };
    return { error };
  } finally {
    // The input is this thread's own copy, and may be secret (FIPS 204 §3.6.3)
    for (const octets of octetsOf(input)) octets.fill(0);
  }
}

/** Returns the members that are octets. */
export const octetsOf = (members: object): Uint8Array[] =>
  Object.values(members).filter((member) => member instanceof Uint8Array);

/** Returns the buffers that can be transferred. A buffer with more than one view is copied instead. */
export const transferList = (members: object): ArrayBuffer[] =>
  octetsOf(members)
    .filter(({ length, buffer }) => length === buffer.byteLength)
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
