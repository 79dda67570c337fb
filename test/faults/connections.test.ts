/** T16: more connections than MAX_CONNECTIONS, or than the system allows. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Test } from 'tap';
import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { openFiles, openSockets } from '../support/process-resources.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { missing } from '../support/services.ts';
import { identityOf, tlsVariables } from '../support/tls.ts';
import { until } from '../support/until.ts';

const prlimit = findProgram('prlimit');
const skip = prlimit === undefined && missing('prlimit is not installed');

/**
 * Opens `count` connections, which close when `t` ends. Returns a function that counts those that the other side has
 * closed.
 */
async function flood(t: Test, url: string, count: number) {
  const { hostname, port } = new URL(url);
  let closed = 0;
  const sockets: Socket[] = [];
  const close = (): void => sockets.forEach((socket) => socket.destroy());
  t.teardown(close);
  for (let i = 0; i < count; i++) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('close', () => (closed += 1));
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  }
  return { closed: () => closed, close };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(1000) }).then(
    ({ status }) => status === 200,
    () => false,
  );

t.test('a connection beyond MAX_CONNECTIONS is closed and counted, and the others stay open', async (t) => {
  const service = run(t, [START], { ...WITHOUT_STORE, MAX_CONNECTIONS: '20', METRICS_PORT: '0' });
  const url = addressIn(await service.listening);
  const metrics = addressIn(await service.logged('metrics and health are served'));
  const { closed, close } = await flood(t, url, 50);
  await until(() => closed() >= 30);
  t.equal(closed(), 30);
  t.notOk(await answers(`${url}/health`));
  await until(() => answers(`${metrics}/health`));
  t.match(await (await fetch(`${metrics}/metrics`)).text(), /^connections_dropped_total 3[1-9]$/m);
  close();
  await until(() => answers(`${url}/health`));
  service.kill('SIGTERM');
  t.equal((await service.end).code, 0);
});

const own = await identityOf((await openDomain(t)).issuer);

for (const secure of [false, true]) {
  t.test(`one address takes no more than its share${secure ? ', over TLS' : ''}`, async (t) => {
    const limits = { MAX_CONNECTIONS: '50', MAX_CONNECTIONS_PER_ADDRESS: '10', METRICS_PORT: '0' };
    const tls = secure ? tlsVariables(t.testdir({ ...own })) : {};
    const service = run(t, [START], { ...WITHOUT_STORE, ...limits, ...tls });
    const url = addressIn(await service.listening);
    const metrics = addressIn(await service.logged('metrics and health are served'));
    const dropped = async (): Promise<number> => {
      const text = await (await fetch(`${metrics}/metrics`, { headers: { Connection: 'close' } })).text();
      return Number(/^connections_dropped_total (\d+)$/m.exec(text)?.[1]);
    };
    for (const round of [1, 2]) {
      const { closed, close } = await flood(t, url, 40);
      await until(() => closed() >= 30);
      t.equal(closed(), 30, `round ${round}: 10 of 40 connections stay open`);
      t.equal(await dropped(), round * 30, 'the others are counted');
      const sockets = openSockets(service.pid ?? 0);
      close();
      await until(() => openSockets(service.pid ?? 0) <= sockets - 10);
    }
  });
}

t.test('a trusted proxy may open as many connections as it needs', async (t) => {
  const limits = { MAX_CONNECTIONS_PER_ADDRESS: '10', TRUST_PROXY: '127.0.0.1' };
  const service = run(t, [START], { ...WITHOUT_STORE, ...limits });
  const url = addressIn(await service.listening);
  const { closed } = await flood(t, url, 40);
  await until(() => answers(`${url}/health`));
  t.equal(closed(), 0);
});

t.test('a service that cannot open more files stays up, and serves again later', { skip }, async (t) => {
  const service = run(t, ['--nofile=64', process.execPath, START], WITHOUT_STORE, { node: prlimit ?? '' });
  const url = addressIn(await service.listening);
  await until(() => answers(`${url}/health`));
  const { close } = await flood(t, url, 200);
  await until(() => openFiles(service.pid ?? 0) >= 62);
  t.notOk(await answers(`${url}/health`));
  const begin = performance.now();
  close();
  await until(() => answers(`${url}/health`));
  t.comment(
    `T16: 200 connections to a process of 64 files: it replies ${Math.round(performance.now() - begin)} ms after`,
  );
  service.kill('SIGTERM');
  const { code, stdout } = await service.end;
  t.equal(code, 0);
  t.notMatch(stdout, /"level":60/, 'the log has no fatal error');
});
