/** deploy/systemd: the processes share the authorities of sqlite.conf or postgresql.conf, under every restriction. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { bundle } from '../../scripts/bundle.ts';
import { formatKeyLine } from '../../src/access/key-file.ts';
import { makeKey } from '../support/api-keys.ts';
import { freePort } from '../support/free-port.ts';
import { issueFrom } from '../support/made-authorities.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import {
  managerMissing,
  startManager,
  systemdAnalyze,
  systemdMissing,
  UNITS,
  type Manager,
} from '../support/systemd.ts';

/** The units start this bundle. Another test may write dist/ at the same time. */
const BUNDLE = join(t.testdir({}), 'dist');
if (!managerMissing) await bundle(BUNDLE);

const { key, text: secret } = makeKey(['certs:issue', 'authorities:manage']);
const FILES = {
  'api-keys': `${formatKeyLine(key)}\n`,
  'key-encryption.key': `${randomBytes(32).toString('base64')}\n`,
};

/** Makes the authority that `issueFrom` uses. Returns the status. */
async function makeAuthority(port: number): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/authorities`, {
    method: 'POST',
    headers: { 'X-API-Key': secret, 'Content-Type': 'application/json', Connection: 'close' },
    body: '{"name":"issuing-1","subject":"/CN=Example Root CA"}',
  });
  await reply.body?.cancel();
  return reply.status;
}

/** Starts a second process of the service. Returns its port. */
async function startAnother(manager: Manager): Promise<number> {
  const port = await freePort();
  await manager.run('systemctl', 'start', `mldsa-api@${port}.socket`);
  return port;
}

/** Two processes issue from one authority, before and after both restart. */
async function issueFromBoth(t: Test, manager: Manager): Promise<void> {
  t.equal(await makeAuthority(manager.port), 201);
  const ports = [manager.port, await startAnother(manager)];
  for (const port of ports) t.equal(await issueFrom(port, secret), 201, 'each process issues');
  await manager.run('systemctl', 'restart', 'mldsa-api@*.service');
  for (const port of ports) t.equal(await issueFrom(port, secret), 201, 'and after a restart');
}

t.test('without a drop-in the service has no authorities', { skip: managerMissing }, async (t) => {
  const manager = await startManager(t, BUNDLE, FILES, ['api-keys.conf']);
  t.equal(await makeAuthority(manager.port), 503);
  const folder = await manager.run(
    'systemctl',
    'show',
    '--property=StateDirectory',
    '--value',
    manager.service,
  );
  t.equal(folder.trim(), '', 'nor a folder');
});

t.test('sqlite.conf: a folder that only the service can read', { skip: managerMissing }, async (t) => {
  const manager = await startManager(t, BUNDLE, FILES, ['api-keys.conf', 'sqlite.conf']);
  await issueFromBoth(t, manager);
  const stat = (path: string) => manager.run('stat', '--dereference', '--format=%a %u', path);
  const [mode, user] = (await stat('/var/lib/mldsa-api/')).trim().split(' ');
  t.equal(mode, '700');
  t.not(user, '0', 'it belongs to the user of the service');
  t.equal((await stat('/var/lib/mldsa-api/authority.db')).trim(), `600 ${user}`);

  const pid = String(await manager.pid());
  const inside = (...command: string[]) =>
    manager.run('nsenter', '--target', pid, '--mount', '--', ...command);
  for (const path of ['/var/lib/new', '/etc/mldsa-api/new', '/opt/mldsa-api/new'])
    await t.rejects(inside('touch', path), /Read-only file system/, path);
  const credential = `/run/credentials/${manager.service}/key-encryption.key`;
  t.equal((await inside('stat', '--format=%a', credential)).trim(), '400', 'the sealing key');
  t.notMatch(await manager.log(), 'can be read by every user');
});

t.test(
  'postgresql.conf: the URL and the sealing key are credentials',
  { skip: managerMissing || postgresMissing },
  async (t) => {
    const postgres = await startPostgres(t);
    const url = postgres.createDatabase('mldsa');
    const files = { ...FILES, 'database-url': `${url}\n` };
    const manager = await startManager(t, BUNDLE, files, ['api-keys.conf', 'postgresql.conf']);
    await issueFromBoth(t, manager);
    const environment = await manager.run('cat', `/proc/${await manager.pid()}/environ`);
    t.match(environment, `DATABASE_URL_FILE=/run/credentials/${manager.service}/database-url`);
    t.notMatch(environment, url, 'the environment has no URL');
    t.match(postgres.sql('SELECT count(*) FROM certificates', 'mldsa'), /^[4-9]/);
  },
);

t.test('a store leaves the exposure as it is', { skip: systemdMissing }, async (t) => {
  const exposureWith = (...dropIns: readonly string[]): string => {
    const folder = join(t.testdir({ [dropIns.join()]: {} }), dropIns.join());
    for (const name of ['mldsa-api@.service', ...dropIns.map((name) => `mldsa-api@.service.d/${name}`)])
      cpSync(join(UNITS, name), join(folder, name));
    const args = ['security', '--offline=true', 'mldsa-api@8001.service'];
    const env = { PATH: process.env.PATH, SYSTEMD_UNIT_PATH: `${folder}:` };
    const { stdout, stderr } = spawnSync(systemdAnalyze ?? '', args, { encoding: 'utf8', env });
    return /Overall exposure level .*: ([\d.]+)/.exec(stdout)?.[1] ?? stderr;
  };
  const without = exposureWith('api-keys.conf');
  t.match(without, /^1\.[0-3]$/);
  for (const name of ['sqlite.conf', 'postgresql.conf']) t.equal(exposureWith(name), without, name);
});
