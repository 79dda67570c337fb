/** The shutdown of the process (T67), and its replacement by another process (T68), without a lost request. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import t from 'tap';
import { passedSocket } from '../../src/config/passed-socket.ts';
import { startNginx } from '../support/nginx.ts';
import { addressIn, WITH_STORE, HUNG_ROUTE, run, START, startTwice } from '../support/process.ts';
import { nginxMissing } from '../support/services.ts';
import { load, status, sum } from '../support/steady-load.ts';
import { until } from '../support/until.ts';

const UNLIMITED = { RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0', LOG_LEVEL: 'info' };

// The first test waits 30 seconds for the deadline of a handler, and uses no CPU during that time.
t.jobs = 2;

t.test('a handler that hangs is aborted, and its client gets a reply', async (t) => {
  const service = run(t, ['--import', HUNG_ROUTE, START], WITH_STORE);
  const address = addressIn(await service.listening);
  const reply = fetch(`${address}/health/hung`);
  await until(async () => (await status(`${address}/health`)) === 200);
  service.kill('SIGINT');
  const { status: answered, headers } = await reply;
  t.equal(answered, 503);
  t.equal(headers.get('connection'), 'close');
  t.equal((await service.end).code, 0);
});

t.test('clients that watch /readyz lose no request', async (t) => {
  const service = run(t, [START], { ...WITH_STORE, ...UNLIMITED, SHUTDOWN_DELAY: '15' });
  const address = addressIn(await service.listening);
  const { outcomes, stop } = load(t, address, 20);
  await until(() => (outcomes.get(200) ?? 0) > 200);
  t.equal(await status(`${address}/readyz`), 200);
  service.kill('SIGTERM');
  await until(async () => (await status(`${address}/readyz`)) === 503);
  const before = outcomes.get(200) ?? 0;
  await until(() => (outcomes.get(200) ?? 0) > before + 100);
  t.equal(await status(`${address}/livez`), 200, 'the service still serves');
  await stop();
  t.same([...outcomes.keys()], [200]);
  t.comment(`T67: ${outcomes.get(200)} of ${sum(outcomes.values())} requests got a reply`);
  const { code, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
});

t.test('a second signal ends the service at once', async (t) => {
  const service = run(t, ['--import', HUNG_ROUTE, START], WITH_STORE);
  const address = addressIn(await service.listening);
  const lost = t.rejects(fetch(`${address}/health/hung`));
  await until(async () => (await status(`${address}/health`)) === 200);
  service.kill('SIGTERM');
  await until(() => {
    service.kill('SIGTERM');
    return service.lines('second SIGTERM').length > 0;
  });
  const { code, stdout } = await service.end;
  t.equal(code, 1);
  t.match(stdout, 'second SIGTERM');
  await lost;
});

t.test('a rolling restart behind nginx loses no request', { skip: nginxMissing }, async (t) => {
  const start = (port: string) =>
    // Longer than nginx may skip a process that has just restarted (fail_timeout, with a clock of whole seconds).
    run(t, [START], { ...UNLIMITED, PORT: port, SHUTDOWN_DELAY: '3' });
  const services = [start('0'), start('0')];
  const lines = await Promise.all(services.map((service) => service.listening));
  const ports = lines.map((line) => new URL(addressIn(line)).port);
  const front = await startNginx(t, ports);
  const { outcomes, stop } = load(t, front, 16);
  for (const [i, service] of services.entries()) {
    const before = outcomes.get(200) ?? 0;
    await until(() => (outcomes.get(200) ?? 0) > before + 200);
    service.kill('SIGTERM');
    t.equal((await service.end).code, 0);
    await start(ports[i] ?? '').listening;
  }
  await stop();
  t.same([...outcomes.keys()], [200]);
  t.comment(`T68: ${outcomes.get(200)} of ${sum(outcomes.values())} requests got a reply`);
});

t.test('a socket of the service manager outlives the process, and no request is refused', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const services = startTwice(t, listener);
  listener.close();
  const url = `http://127.0.0.1:${port}/health`;

  const first = await services.line('listens on');
  t.match(first.msg, `listens on http://127.0.0.1:${port}, `);
  t.equal(await status(url), 200);
  process.kill(first.pid, 'SIGTERM');
  await services.line('no process runs');
  const waiting = status(url);
  services.resume();
  const second = await services.line('listens on');
  t.not(second.pid, first.pid);
  t.equal(await waiting, 200, 'a request that was sent while no process ran');
  process.kill(second.pid, 'SIGTERM');
  t.equal(await services.code, 0);
});

t.test('a socket for another process, or one of several, is not used', async (t) => {
  const service = run(t, [START], { ...WITH_STORE, LISTEN_FDS: '1', LISTEN_PID: '1' });
  t.match(await service.listening, /listens on http:\/\/127\.0\.0\.1:\d/);
  service.kill('SIGTERM');
  t.equal((await service.end).code, 0);

  t.equal(passedSocket({}, 7), undefined);
  t.equal(passedSocket({ LISTEN_PID: '7', LISTEN_FDS: '1' }, 7), 3);
  t.throws(() => passedSocket({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7), /^LISTEN_FDS must be 1, because /);
});
