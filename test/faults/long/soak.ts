/** T17: memory over a minute of mixed load, after a warm-up. */

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { residentMegabytes } from '../../support/process-resources.ts';
import { startPatientClient } from './patient-client.ts';
import { startQuietService } from './quiet-service.ts';
import { load } from './wrk.ts';

const SECONDS = 60;

/** Returns the slope of the line of best fit, per step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  const below = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return above / below;
}

t.test('memory does not grow', async (t) => {
  const { url, pid } = await startQuietService(t);
  await load(url, { connections: 16, seconds: 30 });
  const clients = ['/docs/json', '/nothing', '/metrics'].map((path) => startPatientClient(url + path));
  const loaded = load(url, { connections: 16, seconds: SECONDS });
  const samples: number[] = [];
  for (let i = 0; i < SECONDS; i++) {
    samples.push(residentMegabytes(pid));
    await sleep(1000);
  }
  const { good } = await loaded;
  await Promise.all(clients.map((client) => client.stop()));
  const perMinute = Math.round(slope(samples) * 60 * 1024);
  t.comment(
    `T17: ${good * SECONDS} certificates in ${SECONDS} s: memory ${perMinute} kB a minute, ${samples.at(-1)} MB at the end`,
  );
  t.ok(perMinute < 20_480, `${perMinute} kB a minute`);
});
