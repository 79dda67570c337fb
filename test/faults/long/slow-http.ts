/** T01, T02, T03 with 400 connections. */

import t from 'tap';
import { openFiles } from '../../support/process-resources.ts';
import { until } from '../../support/until.ts';
import { startPatientClient } from './patient-client.ts';
import { execute } from './program.ts';
import { startQuietService } from './quiet-service.ts';

const CONNECTIONS = 400;

/** Options of slowhttptest, and the time in seconds within which the service closes the last connection. */
const ATTACKS: readonly [
  id: string,
  name: string,
  path: string,
  options: readonly string[],
  seconds: number,
][] = [
  ['T01', 'slow headers', '/health', ['-H', '-i', '1'], 10],
  [
    'T02',
    'slow bodies',
    '/api/v1/keys/generate',
    ['-B', '-i', '1', '-f', 'application/json', '-s', '8192'],
    20,
  ],
  [
    'T03',
    'slow readers',
    '/docs/static/swagger-ui-bundle.js',
    ['-X', '-w', '512', '-y', '1024', '-n', '60', '-z', '1', '-k', '5'],
    75,
  ],
];

for (const [id, name, path, options, limit] of ATTACKS) {
  t.test(`${name} are closed`, async (t) => {
    const { url, pid } = await startQuietService(t);
    const good = startPatientClient(`${url}/health`);
    const before = openFiles(pid);
    const attack = execute('slowhttptest', [
      '-c',
      String(CONNECTIONS),
      '-r',
      '400',
      '-l',
      '80',
      '-u',
      url + path,
      ...options,
    ]);
    await until(() => openFiles(pid) > before + CONNECTIONS / 2);
    const begin = performance.now();
    await until(() => openFiles(pid) <= before + 2, 90);
    const seconds = (performance.now() - begin) / 1000;
    await attack;
    const { p99, failed } = await good.stop();
    t.comment(
      `${id}: ${CONNECTIONS} ${name} closed after ${seconds.toFixed(1)} s; health p99 during the attack ${p99} ms`,
    );
    t.ok(seconds <= limit, `within ${limit} s`);
    t.equal(failed, 0, 'a well-behaved client is served');
  });
}
