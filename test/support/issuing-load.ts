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

/** Starts `clients` clients. Each sends its next request soon after a reply, until it is stopped or `t` ends. */
export function issuingLoad(t: Test, { port, ca }: Front, clients: number): IssuingLoad {
  const outcomes = new Map<string, unknown>();
  const stopping = new AbortController();
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(ca) });
    while (!stopping.signal.aborted) {
      const id = randomUUID();
      outcomes.set(id, await outcomeOf(() => ask(port, agent, id)));
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

interface Reply {
  readonly status: number | undefined;
  readonly body: string;
}

/**
 * The service refuses a request if it is overloaded, and it is if the machine stands still for some seconds. The request
 * was not executed, so it is sent again after a pause.
 */
async function outcomeOf(send: () => Promise<Reply>): Promise<unknown> {
  try {
    for (;;) {
      const { status, body } = await send();
      if (status !== 503 || !body.includes('"code":"overloaded"')) return status;
      await sleep(PAUSE);
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

async function ask(port: number, agent: Agent, id: string): Promise<Reply> {
  const headers = { 'Content-Type': 'application/json', 'X-Request-Id': id };
  const path = '/api/v1/keys/generate';
  const call = request({ host: 'localhost', port, path, agent, method: 'POST', headers });
  call.end('{"security_level":"ml-dsa-44"}');
  const [reply] = await once(call, 'response');
  return { status: reply.statusCode, body: await text(reply) };
}

/** Returns the identifier of each request that was executed, as often as it was, from the logs of the services. */
export const executedIn = (logs: readonly string[]): readonly string[] =>
  logs
    .flatMap((log) => log.split('\n'))
    .filter((line) => line.includes('"log":"audit"') && line.includes('"outcome":"success"'))
    .map((line) => /"request":"([^"]+)"/.exec(line)?.[1] ?? '');
