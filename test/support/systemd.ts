/**
 * A real systemd in its own namespaces, with the units of deploy/systemd and no others. What it writes to /etc, /opt and
 * /var is in memory, and ends with it.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findProgram, programPath } from '../../scripts/find-program.ts';
import { runProgram, type Ended } from './children.ts';
import { freePort } from './free-port.ts';
import { inNamespaces, namespacesMissing, startFirst } from './namespaces.ts';
import { succeeding } from './until.ts';
import { ROOT } from './process.ts';
import { missing, type Missing } from './services.ts';

export const UNITS = join(ROOT, 'deploy/systemd');

const MANAGER = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].find((path) => existsSync(path));

export const systemdAnalyze = findProgram('systemd-analyze');

export const systemdMissing: Missing =
  (systemdAnalyze === undefined || MANAGER === undefined) && missing('systemd is not installed');

/** Where cgroups of version 2 are mounted. Every systemd supports these. */
const CGROUPS = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? '';

/** Why systemd cannot be started here. */
export const managerMissing: Missing =
  systemdMissing || (CGROUPS === '' && 'no cgroups of version 2 are mounted') || namespacesMissing;

export interface Manager {
  /** The port of the service, which is also the name of the instance. */
  readonly port: number;
  /** The name of its unit. */
  readonly service: string;
  /** Runs a program beside systemd, and returns its output. Throws if it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Adds files of /etc/mldsa-api and mldsa-api@.service.d. */
  add(files: Readonly<Record<string, string>>, dropIns: readonly string[]): Promise<unknown>;
  /** The process id of the service; 0 if it does not run. */
  pid(): Promise<number>;
  /** The log of the service so far. */
  log(): Promise<string>;
}

/** A drop-in of the tests: a log that can be read without a journal. */
const LOGGED = '[Service]\nStandardOutput=append:/run/log\nStandardError=append:/run/log\n';

const inService = (dropIn: string): string => `mldsa-api@.service.d/${dropIn}`;

/**
 * Starts it with one open socket. `bundle`: the folder that scripts/bundle.ts wrote. `files`: the content of
 * /etc/mldsa-api. `dropIns`: files of mldsa-api@.service.d.
 */
export async function startManager(
  t: Test,
  bundle: string,
  files: Readonly<Record<string, string>>,
  dropIns: readonly string[],
): Promise<Manager> {
  const port = await freePort();
  const service = `mldsa-api@${port}.service`;
  const scratch = t.testdir({ etc: {}, units: { 'mldsa-api@.service.d': { 'test.conf': LOGGED } } });
  const place = (files: Readonly<Record<string, string>>, units: readonly string[]): void => {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(scratch, 'etc', name), text, { mode: 0o600 });
    for (const name of units) cpSync(join(UNITS, name), join(scratch, 'units', name));
  };
  place(files, ['mldsa-api@.service', 'mldsa-api@.socket', ...dropIns.map(inService)]);
  const socket = `mldsa-api@${port}.socket`;
  const pid = await boot(t, { SCRATCH: scratch, SERVICE: ROOT, BUNDLE: bundle, UNIT: socket });
  const run: Manager['run'] = async (program, ...args) => {
    const { code, stdout, stderr } = await enter(t, pid, ['--mount', '--pid', '--', program, ...args]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  await succeeding(() => run('systemctl', 'is-active', socket));
  return {
    port,
    service,
    run,
    add: (files, dropIns) => {
      place(files, dropIns.map(inService));
      return run('systemctl', 'daemon-reload');
    },
    pid: async () => Number(await run('systemctl', 'show', '--property=MainPID', '--value', service)),
    log: () => run('cat', '/run/log'),
  };
}

const enter = (t: Test, pid: number, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  runProgram(t, programPath('nsenter'), ['--target', String(pid), ...args], env && { env });

export interface Machine {
  /** Runs lines of bash in it, in the network of this machine or in its own. Throws Error if one of them fails. */
  bash(lines: string, network: 'outer' | 'own', env: Readonly<Record<string, string>>): Promise<string>;
}

/** A systemd with an empty /opt, /etc/systemd/system and network. `units`: units beside those that are added later. */
export async function startMachine(t: Test, units: Readonly<Record<string, string>>): Promise<Machine> {
  const scratch = t.testdir({ units: { ...units } });
  const pid = await boot(t, { SCRATCH: scratch, SERVICE: '', BUNDLE: '', UNIT: 'basic.target' }, ['--net']);
  const bash: Machine['bash'] = async (lines, network, env) => {
    const place = ['--mount', '--pid', '--wd=/', ...(network === 'own' ? ['--net'] : [])];
    const output = '/run/output';
    const command = [...place, '--', 'bash', '-euc', `exec > ${output} 2>&1\n${lines}`];
    const { code, stderr } = await enter(t, pid, command, { ...systemEnvironment(), ...env });
    const { stdout } = await enter(t, pid, ['--mount', '--', 'cat', output]);
    if (code !== 0) throw new Error(`"${lines}" ended with exit code ${code}: ${stdout}${stderr}`);
    return stdout;
  };
  await succeeding(() => bash('systemctl is-active basic.target', 'own', {}));
  return { bash };
}

/** The environment of a login: without the packaged Node.js on the PATH, and without the modules of tap. */
function systemEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, PATH = '', ...env } = process.env;
  const folders = PATH.split(':').filter((folder) => !folder.includes('node_modules'));
  const own = Object.entries(env).filter(
    ([name]) => !/^(?:npm_(?:lifecycle|package|command)|TAP)/.test(name),
  );
  return { ...Object.fromEntries(own), PATH: folders.join(':') };
}

/** Starts systemd with the variables of boot-systemd.sh. Returns the process id outside of its namespaces. */
async function boot(
  t: Test,
  variables: Readonly<Record<'SCRATCH' | 'SERVICE' | 'BUNDLE' | 'UNIT', string>>,
  namespaces: readonly string[] = [],
): Promise<number> {
  const group = join(CGROUPS, `mldsa-${process.pid}-${Date.now()}`);
  mkdirSync(group);
  t.teardown(() => succeeding(async () => removeGroup(group)));
  const command = `echo 0 > "$1/cgroup.procs" && ${inNamespaces(namespaces)} /bin/sh "$0"`;
  const args = [join(import.meta.dirname, 'boot-systemd.sh'), group];
  return (await startFirst(t, command, args, { PATH: process.env.PATH, MANAGER, ...variables })).pid;
}

/** A group can be removed once no process runs in it, and the groups in it are removed. */
function removeGroup(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  rmdirSync(group);
}
