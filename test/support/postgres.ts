/** A real PostgreSQL for one test. It runs as an unprivileged user, because it refuses to run as root. */

import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { findProgram, isExecutable } from '../../scripts/find-program.ts';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { missing, type Missing } from './services.ts';
import { succeeding } from './until.ts';

/** Debian has the programs of each version in a folder that is not on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

const debianPrograms = (name: string): string[] => {
  try {
    return readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin', name));
  } catch {
    return [];
  }
};

export const postgresProgram = (name: string): string | undefined =>
  findProgram(name) ?? debianPrograms(name).findLast(isExecutable);

export const postgresMissing: Missing =
  (postgresProgram('initdb') === undefined || postgresProgram('postgres') === undefined) &&
  missing('PostgreSQL is not installed');

export interface PostgresServer {
  readonly url: string;
  /** The URL of another database of this server. */
  createDatabase(name: string): string;
  /** Runs SQL as its owner. Returns the rows as text. */
  sql(text: string, database?: string): string;
  /** Sends a signal to all its processes. */
  signal(signal: NodeJS.Signals): void;
  /** Kills it as a power failure does. */
  crash(): Promise<void>;
  /** Starts it again, with its data. */
  start(): Promise<void>;
}

/** `nobody`, if this process may become another user. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** For tests of faults of the server itself. Others do not wait for the disk: what was written survives a kill without. */
export const DURABLE = ['fsync=on'];

/** Listens on a free port. It ends when `t` ends. */
export async function startPostgres(t: Test, settings: readonly string[] = []): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  if (USER.uid !== undefined) chownSync(folder, USER.uid, USER.gid);
  const data = join(folder, 'data');
  const owner = ['-U', 'owner', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(postgresProgram('initdb') ?? '', ['-D', data, ...owner], {
    ...USER,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'recovery_init_sync_method=syncfs',
    '-c',
    'fsync=off',
  ];
  const launch = () =>
    launchPostgres(t, folder, [...args, ...settings.flatMap((setting) => ['-c', setting])]);
  let child = await launch();
  const urlOf = (database: string) => `postgres://owner@127.0.0.1:${port}/${database}`;
  const sql = (text: string, database = 'postgres') =>
    execFileSync(postgresProgram('psql') ?? '', ['-XAtq', '-c', text, urlOf(database)], { encoding: 'utf8' });
  return {
    url: urlOf('postgres'),
    createDatabase(name) {
      sql(`CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    sql,
    signal: (signal) => signalAll(child, signal),
    async crash() {
      signalAll(child, 'SIGKILL');
      if (child.signalCode === null) await once(child, 'exit');
    },
    async start() {
      // The processes of the crashed server may still be ending.
      child = await succeeding(launch);
    },
  };
}

/** Returns once it accepts connections. Rejects if it ends. */
async function launchPostgres(t: Test, folder: string, args: readonly string[]): Promise<ChildProcess> {
  const child = startProgram(t, postgresProgram('postgres') ?? '', args, {
    ...USER,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface(child.stderr)) {
    if (line.includes('database system is ready to accept connections')) {
      child.stderr.resume();
      return child;
    }
  }
  throw new Error('PostgreSQL did not start');
}

/** The main process first, so that it does not replace the others. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  process.kill(pid, signal);
  for (const child of children) {
    try {
      process.kill(Number(child), signal);
    } catch {
      // It has ended.
    }
  }
}
