/** Requests between the primary and a worker over the channel of node:cluster. Each gets a response or fails in time. */

import type { Worker } from 'node:cluster';
import { withTimeout } from '../../src/base/timeout.ts';

/** The requests that one side handles, by name: the types of request and response, which travel as JSON. */
export type Messages = Readonly<Record<string, { readonly request: unknown; readonly response: unknown }>>;

export type Handlers<T extends Messages> = {
  readonly [Name in keyof T]: (
    request: T[Name]['request'],
  ) => T[Name]['response'] | Promise<T[Name]['response']>;
};

export interface Channel<Theirs extends Messages> {
  /** Rejects if the other side fails, has ended or does not respond within `timeout` milliseconds. */
  call<Name extends keyof Theirs & string>(
    name: Name,
    request: Theirs[Name]['request'],
    timeout?: number,
  ): Promise<Theirs[Name]['response']>;
}

interface Request {
  readonly name: string;
  readonly id: number;
  readonly request?: unknown;
}

interface Response {
  readonly id: number;
  readonly response?: unknown;
  /** The message of an error. */
  readonly error?: string;
}

type Message = Request | Response;

const DEFAULT_TIMEOUT_MS = 5000;
const ENDED = 'the other process has ended';

/** `worker` is the remote side in the primary, and the local side in a worker. */
export function openChannel<Theirs extends Messages, Ours extends Messages>(
  worker: Worker,
  handlers: Handlers<Ours>,
): Channel<Theirs> {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;

  const send = createSender(worker);

  worker.on('message', (messages: readonly Message[]) => {
    for (const message of messages) {
      if ('name' in message) void respond(message);
      else settle(message);
    }
  });
  worker.once('disconnect', () => {
    for (const id of pending.keys()) settle({ id, error: ENDED });
  });

  async function respond({ name, id, request }: Request): Promise<void> {
    send({ id, ...(await resultOf(() => handlers[name]?.(request))) });
  }

  function settle({ id, response, error }: Response): void {
    if (error === undefined) pending.get(id)?.resolve(response);
    else pending.get(id)?.reject(new Error(error));
    pending.delete(id);
  }

  return {
    async call(name, request, timeout = DEFAULT_TIMEOUT_MS) {
      const id = ++count;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      pending.set(id, { promise, resolve, reject });
      send({ name, id, request }, () => settle({ id, error: ENDED }));
      try {
        return await withTimeout(promise, timeout, 'the other process');
      } finally {
        pending.delete(id);
      }
    },
  };
}

/** Sends the messages of one turn of the event loop together: each send costs both processes a system call. */
function createSender(worker: Worker): (message: Message, onError?: () => void) => void {
  let messages: Message[] = [];
  let errorHandlers: (() => void)[] = [];

  function flush(): void {
    const handlers = errorHandlers;
    worker.send(messages, (error) => {
      if (error) for (const onError of handlers) onError();
    });
    messages = [];
    errorHandlers = [];
  }

  return (message, onError) => {
    if (messages.length === 0) setImmediate(flush);
    messages.push(message);
    if (onError) errorHandlers.push(onError);
  };
}

async function resultOf(handle: () => unknown): Promise<Omit<Response, 'id'>> {
  try {
    return { response: await handle() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
