/**
 * Clients that request keys. Each request has its own identifier, so that the logs show a request that was executed
 * twice.
 */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Front } from './fronts.ts';
import { PAUSE } from './steady-load.ts';

export interface IssuingLoad {
  /** The status of each reply, or the error of its connection, by identifier of the request. */
  readonly outcomes: ReadonlyMap<string, unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts `clients` clients. Each sends its next request soon after a reply, for at most two minutes. */
export function issuingLoad(t: Test, { port, ca }: Front, clients: number): IssuingLoad {
  const outcomes = new Map<string, unknown>();
  const stopping = new AbortController();
  const end = Date.now() + 120_000;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(ca) });
    while (!stopping.signal.aborted && Date.now() < end) {
      const id = randomUUID();
      outcomes.set(id, await ask(port, agent, id).catch((error: NodeJS.ErrnoException) => error.code));
      await sleep(PAUSE);
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await all;
  };
  t.teardown(stop);
  return { outcomes, stop };
}

async function ask(port: number, agent: Agent, id: string): Promise<number | undefined> {
  const headers = { 'Content-Type': 'application/json', 'X-Request-Id': id };
  const path = '/api/v1/keys/generate';
  const call = request({ host: 'localhost', port, path, agent, method: 'POST', headers });
  call.end('{"security_level":"ml-dsa-44"}');
  const [reply] = await once(call, 'response');
  await text(reply);
  return reply.statusCode;
}

/** Returns how many requests were executed, and how many more than once, from the logs of the services. */
export function doneIn(logs: readonly string[]): { readonly done: number; readonly twice: number } {
  const ids = logs
    .flatMap((log) => log.split('\n'))
    .filter((line) => line.includes('"log":"audit"') && line.includes('"outcome":"success"'))
    .map((line) => /"request":"([^"]+)"/.exec(line)?.[1]);
  return { done: ids.length, twice: ids.length - new Set(ids).size };
}
