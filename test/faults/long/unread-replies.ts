/** T03: 1,000 requests on each of 25 connections, or 100 streams. The client reads no reply. */

import t from 'tap';
import { freePort } from '../../support/free-port.ts';
import { openDomain } from '../../support/domain.ts';
import { childrenOf, run, START } from '../../support/process.ts';
import { openFiles, residentMegabytes } from '../../support/process-resources.ts';
import { get, identityOf, tlsVariables } from '../../support/tls.ts';
import { askUnread, type Protocol } from '../../support/unread.ts';
import { until } from '../../support/until.ts';

t.setTimeout(600_000);

const CONNECTIONS = 25;
const FILE = '/docs/static/swagger-ui-bundle.js';
/** Of each process. */
const MEGABYTES = 110;

const ATTACKS: readonly [protocol: Protocol, path: string, requests: number, workers: number][] = [
  ['http/1.1', FILE, 1000, 1],
  ['http/1.1', FILE, 30, 1],
  ['http/1.1', FILE, 1000, 2],
  ['http/1.1', '/docs/json', 30, 1],
  ['http/1.1', '/health', 1000, 1],
  ['https', FILE, 1000, 1],
  ['https', FILE, 30, 1],
  ['h2', FILE, 100, 1],
  ['h2', FILE, 100, 2],
  ['h2, window 0', FILE, 100, 1],
  ['h2, window 0', '/health', 100, 1],
];

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

for (const [protocol, path, requests, workers] of ATTACKS) {
  t.test(`${protocol}, ${requests} of ${path}, ${workers} workers`, async (t) => {
    const port = await freePort();
    const secure = protocol !== 'http/1.1';
    const service = run(t, [START], {
      PORT: String(port),
      API_KEYS: 'a-key-that-has-at-least-32-characters',
      // Only the limits of connections protect the service here.
      RATE_LIMIT_PER_HOUR: '0',
      WEB_CONCURRENCY: String(workers),
      ...(secure && tlsVariables(t.testdir({ ...own }))),
    });
    await service.listening;
    const pids = (): readonly number[] => [service.pid ?? 0, ...childrenOf(service.pid ?? 0)];
    const files = (): number => pids().reduce((sum, pid) => sum + openFiles(pid), 0);
    const memory = (): number => pids().reduce((sum, pid) => sum + residentMegabytes(pid), 0);
    const health = async (): Promise<boolean> => {
      const status = secure
        ? (await get({ port, path: '/health', ca: own.cert, agent: false })).status
        : (await fetch(`http://127.0.0.1:${port}/health`, { headers: { Connection: 'close' } })).status;
      return status === 200;
    };
    for (let i = 0; i < 20; i++) await health();
    const before = { files: files(), memory: memory() };

    await askUnread(t, { protocol, port, path, connections: CONNECTIONS, requests });
    const begin = performance.now();
    const most = { files: 0, memory: 0 };
    const times: number[] = [];
    await until(async () => {
      const asked = performance.now();
      t.ok(await health(), 'health answers');
      times.push(performance.now() - asked);
      most.files = Math.max(most.files, files() - before.files);
      most.memory = Math.max(most.memory, memory() - before.memory);
      return performance.now() - begin > 3000 && files() <= before.files + 10;
    }, 90);

    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const p99 = Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Infinity);
    t.ok(most.files <= CONNECTIONS + 10, `${most.files} descriptors`);
    t.ok(most.memory <= MEGABYTES * workers, `${most.memory} MB`);
    t.comment(
      `T03: ${protocol}, ${CONNECTIONS} connections with ${requests} of ${path}, ${workers} workers:` +
        ` +${most.files} descriptors, +${most.memory} MB, health p99 ${p99} ms, all closed after ${seconds} s`,
    );
  });
}
