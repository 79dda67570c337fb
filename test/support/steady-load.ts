/** Clients that keep a service busy while something is done to it, and what became of each of their requests. */

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';

/** One request for a key on a connection that is kept. Answers the status. Throws where the connection breaks. */
async function ask(address: string, agent: Agent): Promise<number | undefined> {
  const call = request(`${address}/api/v1/keys/generate`, {
    agent,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
  });
  call.end('{"security_level":"ml-dsa-44"}');
  const [reply] = await once(call, 'response');
  await text(reply);
  return reply.statusCode;
}

export interface Load {
  /** Replies so far by their status, and broken connections by what broke them. */
  readonly outcomes: Map<unknown, number>;
  readonly stop: () => Promise<void>;
}

/**
 * Between two requests of a client, in milliseconds: what is restarted needs some of the machine, too. Otherwise the
 * clients would take most of it, and would need longer to see the same.
 */
export const PAUSE = 10;

/** So many clients, each of which asks again soon after it was answered, for two minutes at most. */
export function load(t: Test, address: string, clients: number): Load {
  const outcomes = new Map<unknown, number>();
  const agents = Array.from({ length: clients }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const end = Date.now() + 120_000;
  const stopping = new AbortController();
  const askOn = async (agent: Agent): Promise<void> => {
    while (!stopping.signal.aborted && Date.now() < end) {
      const outcome = await ask(address, agent).catch((error: NodeJS.ErrnoException) => error.code);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      await sleep(PAUSE);
    }
    agent.destroy();
  };
  const all = Promise.all(agents.map(askOn));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await all;
  };
  t.teardown(stop);
  return { outcomes, stop };
}

export const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

/** Of a request on a connection of its own; 0 where it breaks. */
export const status = async (
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<number> =>
  fetch(url, { method, headers: { ...headers, Connection: 'close' } }).then(
    (reply) => reply.status,
    () => 0,
  );
