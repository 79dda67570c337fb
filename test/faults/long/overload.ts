/** T15: ten times more load than the service can compute. */

import t from 'tap';
import { residentMegabytes } from '../../support/process-resources.ts';
import { until } from '../../support/until.ts';
import { startPatientClient } from './patient-client.ts';
import { startQuietService } from './quiet-service.ts';
import { load } from './wrk.ts';

/** In milliseconds. */
const HEALTH_P99 = 50;

const generate = (url: string): Promise<number> =>
  fetch(`${url}/api/v1/certificate/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"subject":"/CN=after.example"}',
  }).then(({ status }) => status);

t.test('under overload requests are refused fast and memory is flat; afterwards it recovers', async (t) => {
  const { url, pid } = await startQuietService(t);
  await load(url, { connections: 8, seconds: 5 });
  const capacity = await load(url, { connections: 8, seconds: 5 });
  await load(url, { connections: 128, seconds: 10 });
  const before = residentMegabytes(pid);

  const watcher = startPatientClient(`${url}/health`);
  const overload = await load(url, { connections: 128, seconds: 15 });
  const end = performance.now();
  await until(async () => (await generate(url)) === 200);
  const recovery = Math.round(performance.now() - end);
  const health = await watcher.stop();
  const grown = residentMegabytes(pid) - before;

  t.comment(
    `T15: ${capacity.good} certificates a second with 8 clients; with 128 ${overload.good} and ${overload.refused} refused`,
  );
  t.comment(
    `T15: health p99 ${health.p99} ms, memory ${grown < 0 ? '' : '+'}${grown} MB, recovery ${recovery} ms`,
  );
  t.ok(overload.good > capacity.good / 4, 'the service still issues certificates');
  t.ok(overload.refused > 0, 'the service refuses requests');
  t.equal(overload.lost, 0, 'every request gets a reply');
  t.equal(health.failed, 0, 'health never fails');
  t.ok(health.p99 < HEALTH_P99, `health p99 ${health.p99} ms, below ${HEALTH_P99}`);
  t.ok(grown < 64, `memory grew by ${grown} MB`);
  t.ok(recovery < 2000, `recovery ${recovery} ms`);
});
