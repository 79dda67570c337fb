/** Calls between the primary and a worker, over the channel of node:cluster. Each is answered, or fails in time. */

import type { Worker } from 'node:cluster';
import { withTimeout } from '../../src/base/timeout.ts';

/** What one side can be called for, by name: what is sent and what is answered, as JSON carries it. */
export type Calls = Readonly<Record<string, { readonly sent: unknown; readonly answered: unknown }>>;

export type Answers<T extends Calls> = {
  readonly [Name in keyof T]: (sent: T[Name]['sent']) => T[Name]['answered'] | Promise<T[Name]['answered']>;
};

export interface Channel<Theirs extends Calls> {
  /** Rejects where the other side fails, is gone, or has not answered after `patience` milliseconds. */
  call<Name extends keyof Theirs & string>(
    name: Name,
    sent: Theirs[Name]['sent'],
    patience?: number,
  ): Promise<Theirs[Name]['answered']>;
}

interface Question {
  readonly name: string;
  readonly id: number;
  readonly sent?: unknown;
}

interface Answer {
  readonly id: number;
  readonly answered?: unknown;
  readonly fault?: string;
}

/** In milliseconds. */
const PATIENCE = 5000;

/** `worker` is the other side in the primary, and this side in a worker. */
export function openChannel<Theirs extends Calls, Ours extends Calls>(
  worker: Worker,
  answers: Answers<Ours>,
): Channel<Theirs> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;

  const send = createSender(worker);

  worker.on('message', (messages: readonly Message[]) => {
    for (const message of messages) {
      if ('name' in message) void answer(message);
      else settle(message);
    }
  });
  worker.once('disconnect', () => {
    for (const id of waiting.keys()) settle({ id, fault: GONE });
  });

  async function answer({ name, id, sent }: Question): Promise<void> {
    send({ id, ...(await outcomeOf(() => answers[name]?.(sent))) });
  }

  function settle({ id, answered, fault }: Answer): void {
    if (fault === undefined) waiting.get(id)?.resolve(answered);
    else waiting.get(id)?.reject(new Error(fault));
    waiting.delete(id);
  }

  return {
    async call(name, sent, patience = PATIENCE) {
      const id = ++count;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { promise, resolve, reject });
      send({ name, id, sent }, () => settle({ id, fault: GONE }));
      try {
        return await withTimeout(promise, patience, 'the other process');
      } finally {
        waiting.delete(id);
      }
    },
  };
}

const GONE = 'the other process is gone';

type Message = Question | Answer;

/** What one turn of the event loop sends goes together, since each message costs both processes a call of the kernel. */
function createSender(worker: Worker): (message: Message, failed?: () => void) => void {
  let messages: Message[] = [];
  let failures: (() => void)[] = [];

  function flush(): void {
    const told = failures;
    worker.send(messages, (error) => {
      if (error) for (const failed of told) failed();
    });
    messages = [];
    failures = [];
  }

  return (message, failed) => {
    if (messages.length === 0) setImmediate(flush);
    messages.push(message);
    if (failed) failures.push(failed);
  };
}

async function outcomeOf(act: () => unknown): Promise<Omit<Answer, 'id'>> {
  try {
    return { answered: await act() };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
