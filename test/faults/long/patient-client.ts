import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PatientClient {
  /** Stops the client. Returns its latencies, in milliseconds, and how often the status was not 200. */
  stop(): Promise<{ readonly count: number; readonly p99: number; readonly failed: number }>;
}

/** Requests `url` every 50 milliseconds, on one connection. */
export function startPatientClient(url: string): PatientClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stopping = new AbortController();
  const times: number[] = [];
  let failed = 0;
  const ask = async (): Promise<void> => {
    const begin = performance.now();
    const call = request(url, { agent }).end();
    const [reply] = await once(call, 'response');
    await text(reply);
    times.push(performance.now() - begin);
    if (reply.statusCode !== 200) failed += 1;
  };
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      await ask().catch(() => (failed += 1));
      await sleep(50);
    }
    agent.destroy();
  })();
  return {
    async stop() {
      stopping.abort();
      await asking;
      return { count: times.length, p99: percentile(times, 0.99), failed };
    },
  };
}

const percentile = (times: readonly number[], part: number): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? Infinity);
