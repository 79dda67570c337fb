/** Clients that keep a service busy during an event, and the outcome of each of their requests. */

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';

/** Requests one key on a keep-alive connection. Returns the status. Throws if the connection breaks. */
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
  /** The number of replies by status, and of broken connections by error. */
  readonly outcomes: Map<unknown, number>;
  readonly stop: () => Promise<void>;
}

/**
 * Pause between two requests of a client, in milliseconds. Without it the clients would use most of the machine, and a
 * restart would take longer.
 */
export const PAUSE = 40;

/** Starts `clients` clients. Each sends its next request soon after a reply, until it is stopped or `t` ends. */
export function load(t: Test, address: string, clients: number): Load {
  const outcomes = new Map<unknown, number>();
  const agents = Array.from({ length: clients }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const stopping = new AbortController();
  const askOn = async (agent: Agent): Promise<void> => {
    while (!stopping.signal.aborted) {
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

/** Returns the status of a request on a new connection; 0 if the connection breaks. */
export const status = async (
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<number> =>
  fetch(url, { method, headers: { ...headers, Connection: 'close' } }).then(
    (reply) => reply.status,
    () => 0,
  );
