/**
 * A real systemd in namespaces of its own, with the units of deploy/systemd and no others. It has the network of this
 * machine; what it writes to disk is gone with it.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findProgram, programPath } from '../../scripts/find-program.ts';
import { runProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { IN_NAMESPACES, namespacesMissing, startFirst } from './namespaces.ts';
import { succeeding } from './until.ts';
import { ROOT } from './process.ts';
import { missing, type Missing } from './services.ts';

export const UNITS = join(ROOT, 'deploy/systemd');

const MANAGER = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].find((path) => existsSync(path));

export const systemdAnalyze = findProgram('systemd-analyze');

export const systemdMissing: Missing =
  (systemdAnalyze === undefined || MANAGER === undefined) && missing('systemd is not installed');

/** Where cgroups of version 2 are, the only ones that every systemd knows. */
const CGROUPS = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? '';

/** Why none can be started here. */
export const managerMissing: Missing =
  systemdMissing || (CGROUPS === '' && 'no cgroups of version 2 are mounted') || namespacesMissing;

export interface Manager {
  /** Where the service listens. */
  readonly port: number;
  /** Runs a program beside the manager, and answers what it prints. Throws where it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Adds files of /etc/mldsa-api and mldsa-api.service.d. */
  add(files: Readonly<Record<string, string>>, dropIns: readonly string[]): Promise<unknown>;
  /** The process of the service; 0 where none runs. */
  pid(): Promise<number>;
  /** What the service has logged. */
  log(): Promise<string>;
}

/** What stands beside the units in a test: a port that is free, and a log that can be read without a journal. */
const socketOn = (port: number): string => `[Socket]\nListenStream=\nListenStream=127.0.0.1:${port}\n`;
const LOGGED = '[Service]\nStandardOutput=append:/run/log\nStandardError=append:/run/log\n';

const inService = (dropIn: string): string => `mldsa-api.service.d/${dropIn}`;

/** Starts it with the socket open. `files`: what /etc/mldsa-api holds. `dropIns`: which of mldsa-api.service.d are used. */
export async function startManager(
  t: Test,
  files: Readonly<Record<string, string>>,
  dropIns: readonly string[],
): Promise<Manager> {
  const port = await freePort();
  const scratch = t.testdir({
    etc: {},
    units: {
      'mldsa-api.service.d': { 'test.conf': LOGGED },
      'mldsa-api.socket.d': { 'test.conf': socketOn(port) },
    },
  });
  const place = (files: Readonly<Record<string, string>>, units: readonly string[]): void => {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(scratch, 'etc', name), text, { mode: 0o600 });
    for (const name of units) cpSync(join(UNITS, name), join(scratch, 'units', name));
  };
  place(files, ['mldsa-api.service', 'mldsa-api.socket', ...dropIns.map(inService)]);
  const pid = await boot(t, scratch);
  const run: Manager['run'] = async (program, ...args) => {
    const command = ['--target', String(pid), '--mount', '--pid', '--', program, ...args];
    const { code, stdout, stderr } = await runProgram(t, programPath('nsenter'), command);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  await succeeding(() => run('systemctl', 'is-active', 'mldsa-api.socket'));
  return {
    port,
    run,
    add: (files, dropIns) => {
      place(files, dropIns.map(inService));
      return run('systemctl', 'daemon-reload');
    },
    pid: async () =>
      Number(await run('systemctl', 'show', '--property=MainPID', '--value', 'mldsa-api.service')),
    log: () => run('cat', '/run/log'),
  };
}

/** Answers the process, by its number outside. */
async function boot(t: Test, scratch: string): Promise<number> {
  const group = join(CGROUPS, `mldsa-${process.pid}-${Date.now()}`);
  mkdirSync(group);
  t.teardown(() => succeeding(async () => removeGroup(group)));
  const command = `echo 0 > "$1/cgroup.procs" && ${IN_NAMESPACES} /bin/sh "$0"`;
  const args = [join(import.meta.dirname, 'boot-systemd.sh'), group];
  const env = { PATH: process.env.PATH, SCRATCH: scratch, ROOT, NODE: process.execPath, MANAGER };
  return (await startFirst(t, command, args, env)).pid;
}

/** A group can be removed once nothing runs in it, and those in it are. */
function removeGroup(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  rmdirSync(group);
}
