/** Several workers shut down together, at any signal, without a lost request. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import t from 'tap';
import { childrenOf, HUNG_ROUTE, isRunning, START, startTwice } from '../../support/process.ts';
import { load, status, sum } from '../../support/steady-load.ts';
import { until } from '../../support/until.ts';
import { startWorkers, THREE } from '../../support/workers.ts';

t.test('clients that watch /readyz lose no request when all workers leave', async (t) => {
  const service = await startWorkers(t, { SHUTDOWN_DELAY: '10' });
  const { outcomes, stop } = load(t, service.address, 6);
  await until(() => (outcomes.get(200) ?? 0) > 60);
  // The signal goes to every process, as from a terminal or systemd.
  for (const pid of [service.pid, ...service.workers()]) process.kill(pid, 'SIGTERM');
  await until(async () => (await status(`${service.address}/readyz`)) === 503);
  const before = outcomes.get(200) ?? 0;
  await until(() => (outcomes.get(200) ?? 0) > before + 20);
  await stop();
  t.same([...outcomes.keys()], [200]);
  t.comment(`T67: with 3 workers: ${outcomes.get(200)} of ${sum(outcomes.values())} requests got a reply`);
  const { code, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
});

t.test('a second signal ends all workers at once', async (t) => {
  const service = await startWorkers(t, {}, { args: ['--import', HUNG_ROUTE, START] });
  const workers = service.workers();
  const lost = t.rejects(fetch(`${service.address}/health/hung`));
  await until(async () => (await status(`${service.address}/health`)) === 200);
  service.kill('SIGINT');
  await service.logged('SIGINT received');
  await until(() => {
    service.kill('SIGINT');
    return service.lines('second SIGINT').length > 0;
  });
  const { code, stdout } = await service.end;
  t.equal(code, 1);
  t.match(stdout, 'second SIGINT');
  await until(() => !workers.some(isRunning));
  await lost;
});

t.test('workers whose primary is gone finish their requests, and end', async (t) => {
  const service = await startWorkers(t, { SHUTDOWN_DELAY: '10' });
  const workers = service.workers();
  const { outcomes, stop } = load(t, service.address, 6);
  await until(() => (outcomes.get(200) ?? 0) > 20);
  service.kill('SIGKILL');
  await until(async () => (await status(`${service.address}/readyz`)) === 503);
  await stop();
  t.same([...outcomes.keys()], [200]);
  await until(() => !workers.some(isRunning));
});

/** None once the primary has ended. */
function workersOf(primary: number): readonly number[] {
  return isRunning(primary) ? childrenOf(primary) : [];
}

function killAll(processes: readonly number[]): void {
  for (const id of processes.filter(isRunning)) process.kill(id, 'SIGKILL');
}

const primaryOf = (worker: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1]);

t.test('a socket of the service manager outlives all workers, and no request is refused', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const services = startTwice(t, listener, { ...THREE, WEB_CONCURRENCY: '2' });
  listener.close();
  const url = `http://127.0.0.1:${port}/health`;

  const first = await services.line('listens on');
  t.match(first.msg, new RegExp(` listens on http://127.0.0.1:${port}, engine (node|native), 2 workers$`));
  t.equal(await status(url), 200);
  const stopped = primaryOf(first.pid);
  process.kill(stopped, 'SIGTERM');
  await services.line('no process runs');
  const waiting = status(url);
  services.resume();
  const second = await services.line('listens on');
  t.equal(await waiting, 200, 'a request that was sent while no process ran');

  const primary = primaryOf(second.pid);
  await until(() => childrenOf(primary).length === 2);
  // A worker that is killed while it starts is replaced, so all are killed until none is left.
  let isLast = false;
  const last = services.line('no worker is left').then(() => (isLast = true));
  await until(() => {
    killAll(workersOf(primary));
    return isLast;
  });
  await last;
  t.equal(await services.code, 1, 'the service manager starts it again');
});
