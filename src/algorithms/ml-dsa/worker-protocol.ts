/** What the threads say to each other (`worker-pool.ts`, `noble-worker.ts`). */

import type { ErrorCode } from '../../base/errors.ts';
import type { TaskInput, TaskName, TaskOutput } from './worker-tasks.ts';

export interface Request<Name extends TaskName = TaskName> {
  readonly name: Name;
  readonly input: TaskInput<Name>;
}

/** The answer to the request before it. */
export type Reply =
  | { readonly output: TaskOutput<TaskName> }
  /** An error loses its class on the way: `code` says that it was a PkiError. */
  | { readonly error: unknown; readonly code: ErrorCode | undefined };

/** The members of an input or output that are octets. */
export const octetStringsOf = (members: object): Uint8Array[] =>
  Object.values(members).filter((member) => member instanceof Uint8Array);

/** Their buffers, which change hands instead of being copied. */
export const buffersOf = (members: object): ArrayBuffer[] =>
  octetStringsOf(members)
    .map((octets) => octets.buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
