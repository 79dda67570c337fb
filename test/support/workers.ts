/** The service with three workers and its own primary. */

import type { Test } from 'tap';
import { readExposition } from './exposition.ts';
import { addressIn, childrenOf, WITH_STORE, run, START, type Run } from './process.ts';
import { succeeding, until } from './until.ts';

/** Without rate limits for clients. */
export const THREE = {
  ...WITH_STORE,
  WEB_CONCURRENCY: '3',
  METRICS_PORT: '0',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
};

export interface Workers extends Run {
  readonly pid: number;
  readonly address: string;
  /** The address of the metrics. */
  readonly metrics: string;
  /** Process ids of the workers that run. */
  readonly workers: () => readonly number[];
  /** Returns a value of the metrics by its family, some of its labels, and the suffix of a histogram. */
  readonly measured: (
    name: string,
    labels?: Readonly<Record<string, string>>,
    suffix?: string,
  ) => Promise<number | undefined>;
}

/** Starts it. Resolves when all workers serve. `log` reads its log if that is not standard output. */
export async function startWorkers(
  t: Test,
  env: Readonly<Record<string, string>> = {},
  { args = [START], log = undefined as ((words: string) => Promise<string>) | undefined } = {},
): Promise<Workers> {
  const service = run(t, args, { ...THREE, ...env });
  const { pid = 0 } = service;
  const logged = log ?? service.logged;
  const metrics = `${addressIn(await logged('metrics and health are served'))}/metrics`;
  const address = addressIn(await logged('listens on'));
  const measured: Workers['measured'] = async (name, labels = {}, suffix = '') => {
    // A worker that does not respond within a second makes the reply an error.
    const text = await succeeding(async () => {
      const reply = await fetch(metrics, { headers: { Connection: 'close' } });
      const body = await reply.text();
      if (!reply.ok) throw new Error(body);
      return body;
    });
    const samples = readExposition(text).get(name)?.samples ?? [];
    return samples.find(
      (sample) =>
        sample.name === `${name}${suffix}` &&
        Object.entries(labels).every(([k, v]) => sample.labels[k] === v),
    )?.value;
  };
  await until(async () => (await measured('workers_alive')) === 3);
  return { ...service, logged, pid, address, metrics, workers: () => childrenOf(pid), measured };
}
