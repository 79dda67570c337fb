/** Several processes that serve, from their start to their end, whatever ends one of them. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import t from 'tap';
import { keyFile, makeKey } from '../support/api-keys.ts';
import { childrenOf, HUNG_ROUTE, isRunning, run, START, startTwice } from '../support/process.ts';
import { load, status, sum, until } from '../support/steady-load.ts';
import { startWorkers, THREE, type Workers } from '../support/workers.ts';

t.setTimeout(240_000);

const primaryOf = (worker: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1]);

const hasReplaced =
  ({ measured }: Workers, reason: string, count = 1) =>
  async (): Promise<boolean> =>
    (await measured('worker_restarts_total', { reason })) === count &&
    (await measured('workers_alive')) === 3;

t.test('three workers start, say so once, and end at SIGTERM', async (t) => {
  const service = await startWorkers(t);
  t.match(JSON.parse(await service.listening).msg, /, engine node, 3 workers, documentation at /);
  t.equal(await status(`${service.address}/health`), 200);
  service.kill('SIGTERM');
  const { code, stdout, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
  for (const words of ['listens on', 'metrics and health are served', 'SIGTERM received'])
    t.equal(stdout.split(words).length, 2, words);
});

t.test('a worker that is killed under load is replaced, and the others are not disturbed', async (t) => {
  const service = await startWorkers(t);
  const { outcomes, stop } = load(t, service.address, 8);
  await until(() => (outcomes.get(200) ?? 0) > 60);
  const [victim = 0] = service.workers();
  process.kill(victim, 'SIGKILL');
  await until(() => service.workers().length === 3 && !service.workers().includes(victim));
  await service.logged('serves again');
  await stop();
  const lost = sum(outcomes.values()) - (outcomes.get(200) ?? 0);
  t.ok(lost <= 8, 'at most what was under way in the one that was killed');
  t.same(
    [...outcomes.keys()].filter((outcome) => outcome !== 200 && outcome !== 'ECONNRESET'),
    [],
  );
  t.comment(`kill -9 of one of three: ${lost} of ${sum(outcomes.values())} requests broken`);
  await until(hasReplaced(service, 'crashed'));
  t.match(
    await service.logged('was ended by SIGKILL'),
    /worker 1 was ended by SIGKILL; another takes its place in 100 ms/,
  );
});

t.test('a worker that does not answer for WORKER_TIMEOUT is killed and replaced', async (t) => {
  const service = await startWorkers(t, { WORKER_TIMEOUT: '2' });
  const [victim = 0] = service.workers();
  process.kill(victim, 'SIGSTOP');
  await service.logged('did not answer for WORKER_TIMEOUT and was killed');
  await until(hasReplaced(service, 'hung'));
  t.notOk(isRunning(victim));
});

t.test('a worker that is told to leave is replaced, and loses nothing', async (t) => {
  const service = await startWorkers(t);
  const { outcomes, stop } = load(t, service.address, 8);
  await until(() => (outcomes.get(200) ?? 0) > 60);
  for (const worker of service.workers()) process.kill(worker, 'SIGTERM');
  await until(hasReplaced(service, 'left', 3));
  await stop();
  t.equal(sum(outcomes.values()) - (outcomes.get(200) ?? 0), 0);
});

t.test('clients that heed /readyz lose nothing when all workers leave (T67)', async (t) => {
  const service = await startWorkers(t, { SHUTDOWN_DELAY: '2' });
  const { outcomes, stop } = load(t, service.address, 8);
  await until(() => (outcomes.get(200) ?? 0) > 60);
  // As a terminal or systemd does: to every process.
  for (const pid of [service.pid, ...service.workers()]) process.kill(pid, 'SIGTERM');
  await until(async () => (await status(`${service.address}/readyz`)) === 503);
  const before = outcomes.get(200) ?? 0;
  await until(() => (outcomes.get(200) ?? 0) > before + 50);
  await stop();
  t.same([...outcomes.keys()], [200]);
  t.comment(`T67 with 3 workers: ${outcomes.get(200)} of ${sum(outcomes.values())} requests answered`);
  const { code, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
});

t.test('a second signal ends all of them at once', async (t) => {
  const service = await startWorkers(t, {}, { args: ['--import', HUNG_ROUTE, START] });
  const workers = service.workers();
  const lost = t.rejects(fetch(`${service.address}/hung`));
  await until(async () => (await status(`${service.address}/health`)) === 200);
  service.kill('SIGINT');
  await service.logged('SIGINT received');
  service.kill('SIGINT');
  const { code, stdout } = await service.end;
  t.equal(code, 1);
  t.match(stdout, 'second SIGINT');
  await until(() => !workers.some(isRunning));
  await lost;
});

t.test('workers whose primary is gone end what is under way, and leave', async (t) => {
  const service = await startWorkers(t, { SHUTDOWN_DELAY: '1' });
  const workers = service.workers();
  const { outcomes, stop } = load(t, service.address, 6);
  await until(() => (outcomes.get(200) ?? 0) > 20);
  service.kill('SIGKILL');
  await until(async () => (await status(`${service.address}/readyz`)) === 503);
  await stop();
  t.same([...outcomes.keys()], [200]);
  await until(() => !workers.some(isRunning));
});

t.test('SIGHUP has every worker read the keys again', async (t) => {
  const [old, young] = [makeKey(['inspect']), makeKey(['inspect'], { name: 'next' })];
  const file = keyFile(t, old.key);
  const service = await startWorkers(t, {
    API_KEYS_FILE: file.path,
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
  });
  const ask = (key: string): Promise<number> =>
    status(`${service.address}/api/v1/nothing`, { 'X-API-Key': key });
  t.equal(await ask(old.text), 404);
  file.write(young.key);
  service.kill('SIGHUP');
  await until(() => service.lines('API_KEYS_FILE is read again').length === 3);
  for (let i = 0; i < 12; i++) t.same([await ask(young.text), await ask(old.text)], [404, 401]);
});

t.test('what stops the start of one stops the start of all, and is told once', async (t) => {
  const occupied = createServer().listen(0, '127.0.0.1');
  t.teardown(() => occupied.close());
  await once(occupied, 'listening');
  const port = String((occupied.address() as AddressInfo).port);
  const faults: readonly [Record<string, string>, number, RegExp][] = [
    [{ WORKER_TIMEOUT: '0' }, 78, /^Configuration: WORKER_TIMEOUT must be a whole number from 1 to 3600\n$/],
    [
      { WEB_CONCURRENCY: 'all' },
      78,
      /^Configuration: WEB_CONCURRENCY must be a whole number from 1 to 64, or auto\n$/,
    ],
    [{ API_KEYS_FILE: '/nowhere' }, 78, /^Configuration: API_KEYS_FILE names a file that cannot be read\n$/],
    [{ LOG_FILE: '/proc/none/api.log' }, 78, /^Configuration: LOG_FILE cannot be written \(ENOENT\)\n$/],
    [
      { PORT: port },
      1,
      /^ML-DSA Certificate API does not start: port \d+ of 127\.0\.0\.1 is in use; [^\n]+\n$/,
    ],
  ];
  for (const [env, exitCode, message] of faults) {
    const { code, stderr } = await run(t, [START], { ...THREE, ...env }).end;
    t.equal(code, exitCode);
    t.match(stderr, message);
  }
});

t.test('a socket that is passed outlives all workers, and no request is refused', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const services = startTwice(t, listener, { ...THREE, WEB_CONCURRENCY: '2' });
  listener.close();
  const url = `http://127.0.0.1:${port}/health`;

  const first = await services.line('listens on');
  t.match(first.msg, `listens on http://127.0.0.1:${port}, engine node, 2 workers, `);
  t.equal(await status(url), 200);
  const stopped = primaryOf(first.pid);
  process.kill(stopped, 'SIGTERM');
  await services.line('no process runs');
  const waiting = status(url);
  services.resume();
  const second = await services.line('listens on');
  t.equal(await waiting, 200, 'what was sent while no process ran');

  const primary = primaryOf(second.pid);
  await until(() => childrenOf(primary).length === 2);
  for (const worker of childrenOf(primary)) process.kill(worker, 'SIGKILL');
  await services.line('no worker is left that has the socket');
  t.equal(await services.code, 1, 'the service manager starts it again');
});
