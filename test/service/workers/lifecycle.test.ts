/** Several workers: their start, and the replacement of a worker that ends. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import t from 'tap';
import { keyFile, makeKey } from '../../support/api-keys.ts';
import { isRunning, run, START } from '../../support/process.ts';
import { load, status } from '../../support/steady-load.ts';
import { until } from '../../support/until.ts';
import { startWorkers, THREE } from '../../support/workers.ts';

t.test('three workers start, are replaced when they end for any reason, and end at SIGTERM', async (t) => {
  const service = await startWorkers(t, { DOCS_ENABLED: 'true', SHUTDOWN_DELAY: '1', WORKER_TIMEOUT: '5' });
  const isReplaced = async (victim: number, reason: string): Promise<void> => {
    await until(() => !isRunning(victim));
    await until(
      async () =>
        ((await service.measured('worker_restarts_total', { reason })) ?? 0) > 0 &&
        (await service.measured('workers_alive')) === 3,
    );
  };

  await t.test('killed under load: the others are not disturbed', async (t) => {
    const [victim = 0] = service.workers();
    const { outcomes, stop } = load(t, service.address, 6);
    await until(() => (outcomes.get(200) ?? 0) > 60);
    process.kill(victim, 'SIGKILL');
    await until(() => !isRunning(victim));
    const before = outcomes.get(200) ?? 0;
    await until(() => (outcomes.get(200) ?? 0) > before + 60);
    await stop();
    const { 200: served = 0, ECONNRESET: broken = 0, ...others } = Object.fromEntries(outcomes);
    t.same(others, {});
    // A client also loses a connection that the primary gave to the killed worker before it noticed.
    t.ok(broken <= 12, `only requests of the killed worker break: ${broken}`);
    t.comment(`kill -9 of one of three: ${broken} of ${served + broken} requests broken`);
    await isReplaced(victim, 'crashed');
    t.match(await service.logged('was ended by SIGKILL'), 'a new worker starts in 100 ms');
  });

  await t.test('hung: it does not respond for WORKER_TIMEOUT', async (t) => {
    const [victim = 0] = service.workers();
    process.kill(victim, 'SIGSTOP');
    await isReplaced(victim, 'hung');
    t.match(
      await service.logged('did not respond for WORKER_TIMEOUT'),
      'and was killed; a new worker starts',
    );
  });

  await t.test('told to leave', async (t) => {
    const [victim = 0] = service.workers();
    process.kill(victim, 'SIGTERM');
    await isReplaced(victim, 'left');
    t.match(await service.logged('ended with exit code 0'), 'a new worker starts in 100 ms');
  });

  t.match(JSON.parse(await service.listening).msg, /, engine (node|native), 3 workers, documentation at /);
  service.kill('SIGTERM');
  const { code, stdout, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
  for (const words of ['listens on', 'metrics and health are served', 'SIGTERM received'])
    t.equal(stdout.split(words).length, 2, `once: ${words}`);
});

t.test('SIGHUP makes every worker reload the keys', async (t) => {
  const [old, young] = [makeKey(['inspect']), makeKey(['inspect'], { name: 'next' })];
  const file = keyFile(t, old.key);
  const service = await startWorkers(t, {
    API_KEYS_FILE: file.path,
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
  });
  const ask = (key: string): Promise<number> =>
    status(`${service.address}/api/v1/keys/generate`, { method: 'POST', headers: { 'X-API-Key': key } });
  t.equal(await ask(old.text), 403);
  file.write(young.key);
  service.kill('SIGHUP');
  await until(() => service.lines('API_KEYS_FILE is read again').length === 3);
  for (let i = 0; i < 12; i++) t.same([await ask(young.text), await ask(old.text)], [403, 401]);
});

t.test('an error that stops the start of one worker stops all, and is reported once', async (t) => {
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
    [{ HOST: '203.0.113.77' }, 78, /^Configuration: HOST must be an address of this machine\n$/],
    [{ LOG_FILE: '/proc/none/api.log' }, 78, /^Configuration: LOG_FILE cannot be written \(ENOENT\)\n$/],
    [
      { PORT: port },
      1,
      /^ML-DSA Certificate API does not start: port \d+ on 127\.0\.0\.1 is in use; [^\n]+\n$/,
    ],
  ];
  const runs = faults.map(([env]) => run(t, [START], { ...THREE, ...env }).end);
  for (const [i, { code, stderr }] of (await Promise.all(runs)).entries()) {
    const [, exitCode, message = ''] = faults[i] ?? [];
    t.equal(code, exitCode);
    t.match(stderr, message);
  }
});
