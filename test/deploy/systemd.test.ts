/** deploy/systemd: systemd verifies the units, and runs them. */

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { bundle } from '../../scripts/bundle.ts';
import { formatKeyLine } from '../../src/access/key-file.ts';
import { makeKey } from '../support/api-keys.ts';
import { pemOf } from '../support/service.ts';
import { startRedis } from '../support/redis.ts';
import { redisMissing } from '../support/services.ts';
import {
  managerMissing,
  startManager,
  systemdAnalyze,
  systemdMissing,
  UNITS,
  type Manager,
} from '../support/systemd.ts';
import { get } from '../support/tls.ts';

const { key, text: secret } = makeKey(['certs:issue', 'keys:generate']);
const KEYS = { 'api-keys': `${formatKeyLine(key)}\n` };

function copyUnits(t: Test): string {
  const folder = t.testdir({});
  cpSync(UNITS, folder, { recursive: true });
  return folder;
}

/** The faults that systemd finds in the service and its socket. */
const verify = (folder: string): string =>
  spawnSync(systemdAnalyze ?? '', ['verify', 'mldsa-api@8001.service', 'mldsa-api@8001.socket'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, SYSTEMD_UNIT_PATH: `${folder}:` },
  })
    .stderr.split('\n')
    .filter((line) => line.includes('mldsa-api') || line.includes(folder))
    .join('\n');

/** The units start this bundle. Another test may write dist/ at the same time. */
const BUNDLE = join(t.testdir({}), 'dist');
if (!managerMissing) await bundle(BUNDLE);

t.test('systemd finds nothing wrong with the units', { skip: systemdMissing }, async (t) => {
  const folder = copyUnits(t);
  t.equal(verify(folder), '', 'systemd reports no fault');
  const service = join(folder, 'mldsa-api@.service');
  writeFileSync(service, readFileSync(service, 'utf8').replace('PrivateTmp=', 'PrivateTemp='));
  t.match(verify(folder), /Unknown key (name )?'PrivateTemp'/, 'an unknown word is found');
});

/** The exposure that systemd gives the service, from 0 to 10. */
function exposureOf(folder: string): number {
  const { stdout } = spawnSync(
    systemdAnalyze ?? '',
    ['security', '--offline=true', join(folder, 'mldsa-api@.service')],
    {
      encoding: 'utf8',
    },
  );
  return Number(/Overall exposure level .*: ([\d.]+)/.exec(stdout)?.[1]);
}

t.test('the service is exposed as little as V8 permits', { skip: systemdMissing }, async (t) => {
  const exposure = exposureOf(UNITS);
  t.comment(`exposure ${exposure}`);
  t.ok(exposure <= 1.3, `an exposure of at most 1.3, and it is ${exposure}`);
});

/** Requests a key on a new connection. */
async function generate({ port }: Manager, credentials: Record<string, string> = { 'X-API-Key': secret }) {
  const { status, headers, body } = await fetch(`http://127.0.0.1:${port}/api/v1/keys/generate`, {
    method: 'POST',
    headers: { ...credentials, Connection: 'close' },
  });
  await body?.cancel();
  return { status, headers };
}

for (const engine of ['node', 'noble']) {
  t.test(
    `the service runs under every restriction of its unit, with ${engine}`,
    { skip: managerMissing },
    async (t) => {
      const environment = `CRYPTO_ENGINE=${engine}\n`;
      const dropIns = ['api-keys.conf', 'log-file.conf'];
      const manager = await startManager(t, BUNDLE, { ...KEYS, environment }, dropIns);
      t.equal(await manager.pid(), 0, 'no process runs before the first request');
      t.equal((await generate(manager)).status, 200, 'a request with a key is served');
      t.equal((await generate(manager, {})).status, 401, 'a request without a key is refused');

      const pid = String(await manager.pid());
      const status = await manager.run('cat', `/proc/${pid}/status`);
      t.notMatch(status, /^Uid:\s+0\s/m, 'the user is not root');
      for (const line of [
        /^CapEff:\s+0{16}$/m,
        /^CapBnd:\s+0{16}$/m,
        /^NoNewPrivs:\s+1$/m,
        /^Seccomp:\s+2$/m,
      ])
        t.match(status, line, `/proc/PID/status has ${line.source}`);
      const limits = await manager.run('cat', `/proc/${pid}/limits`);
      t.match(limits, /^Max core file size +0 +0 /m, 'a crash writes no memory to disk');

      const inside = (...command: string[]) =>
        manager.run('nsenter', '--target', pid, '--mount', '--', ...command);
      for (const path of ['/opt/mldsa-api/bin/new', '/etc/mldsa-api/new', '/usr/new'])
        await t.rejects(inside('touch', path), /Read-only file system/, path);
      t.equal(await inside('ls', '-A', '/home', '/root'), '/home:\n\n/root:\n', 'it sees no files of users');
      t.match(
        await inside('cat', `/var/log/mldsa-api/${manager.port}/current.log`),
        '"path":"/api/v1/keys/generate"',
      );

      await manager.run('kill', '-USR1', pid);
      t.equal(
        (await generate(manager)).status,
        200,
        'the signal that opens the inspector of Node.js has no effect',
      );
      t.notMatch(await manager.log(), 'Debugger listening', 'no debugger port is open');
    },
  );
}

t.test('secrets are passed as credentials', { skip: managerMissing || redisMissing }, async (t) => {
  const redis = await startRedis(t);
  const files = { ...KEYS, 'redis-url': `${redis.url}\n` };
  const manager = await startManager(t, BUNDLE, files, ['api-keys.conf', 'redis.conf']);
  const { status, headers } = await generate(manager);
  t.equal(status, 200, 'the key of the credential is accepted');
  t.notMatch(headers.get('ratelimit-policy') ?? 'none', 'mldsa-local', 'Redis counts');
  const environment = await manager.run('cat', `/proc/${await manager.pid()}/environ`);
  t.match(environment, `REDIS_URL_FILE=/run/credentials/${manager.service}/redis-url`);
  t.notMatch(environment, redis.url, 'the environment has no password');
  t.notMatch(await manager.log(), 'can be read by every user', 'only the service can read them');
});

const UNLIMITED = 'SHUTDOWN_DELAY=1\nRATE_LIMIT_PER_HOUR=0\nRATE_LIMIT_GENERATE_PER_MINUTE=0\n';

/** A certificate for this machine and its key, in PEM. */
async function identityFrom(manager: Manager): Promise<{ cert: string; key: string }> {
  const reply = await fetch(`http://127.0.0.1:${manager.port}/api/v1/certificate/generate`, {
    method: 'POST',
    headers: { 'X-API-Key': secret, 'Content-Type': 'application/json' },
    body: '{"subject":"/CN=localhost","san":["localhost"],"days":2}',
  });
  const { certificate, private_key } = (await reply.json()) as Record<string, string>;
  return { cert: pemOf(certificate ?? '').toString(), key: pemOf(private_key ?? '').toString() };
}

t.test('a restart refuses no connection, and applies new files', { skip: managerMissing }, async (t) => {
  const manager = await startManager(t, BUNDLE, { ...KEYS, environment: UNLIMITED }, ['api-keys.conf']);
  const { cert, key: privateKey } = await identityFrom(manager);
  const before = await manager.pid();

  const statuses: number[] = [];
  const restart = new AbortController();
  const client = async (): Promise<void> => {
    while (!restart.signal.aborted) statuses.push((await generate(manager)).status);
  };
  const clients = [client(), client(), client()];
  await manager.run('systemctl', 'restart', manager.service);
  restart.abort();
  await Promise.all(clients);
  t.not(await manager.pid(), before, 'another process serves');
  t.same(new Set(statuses), new Set([200]), 'requests sent meanwhile');
  t.comment(`${statuses.length} of ${statuses.length} requests answered across a restart`);

  await manager.add({ 'tls.crt': cert, 'tls.key': privateKey }, ['tls.conf']);
  await manager.run('systemctl', 'restart', manager.service);
  const reply = await get({ port: manager.port, path: '/health', ca: cert });
  t.equal(reply.status, 200, 'https with a certificate that is passed as a credential');
});

t.test(
  'after a crash the service is back in ten seconds, and refuses no connection',
  { skip: managerMissing },
  async (t) => {
    const manager = await startManager(t, BUNDLE, KEYS, ['api-keys.conf']);
    t.equal((await generate(manager)).status, 200, 'the first request starts the service');
    const before = await manager.pid();
    await manager.run('kill', '-KILL', String(before));
    t.equal((await generate(manager)).status, 200, 'a request that is sent meanwhile waits');
    t.not(await manager.pid(), before, 'another process serves');
  },
);
