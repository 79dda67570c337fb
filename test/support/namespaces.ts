/** Processes in separate namespaces, which end with the test. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Test } from 'tap';
import { findProgram } from '../../scripts/find-program.ts';
import { startProgram } from './children.ts';
import type { Missing } from './services.ts';
import { succeeding } from './until.ts';

const NAMESPACES = [
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--ipc',
  '--uts',
  '--cgroup',
];

const unshare = findProgram('unshare') ?? '';
const setpriv = findProgram('setpriv') ?? '';

export const namespacesMissing: Missing =
  (setpriv === '' || unshare === '' || spawnSync(unshare, [...NAMESPACES, 'true']).status !== 0) &&
  'only root makes namespaces';

/** A shell command that continues as the first process of namespaces. `more`: options of unshare. */
export const inNamespaces = (more: readonly string[] = []): string =>
  `exec ${setpriv} --pdeathsig KILL ${unshare} ${[...NAMESPACES, ...more].join(' ')}`;

export interface FirstProcess {
  /** Its number outside. */
  readonly pid: number;
  /** Resolves to its exit code when it has ended. */
  readonly end: Promise<number | null>;
}

/** Runs a command that contains inNamespaces(). `args` are its `$0`, `$1` and so on. It is killed when `t` ends. */
export async function startFirst(
  t: Test,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<FirstProcess> {
  const shell = ['-c', command, ...args];
  const child = startProgram(t, '/bin/sh', shell, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const end = once(child, 'exit').then(([code]) => code as number | null);
  const pid = await succeeding(async () => {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    if (children === '') throw new Error('it has not started');
    return Number(children);
  });
  return { pid, end };
}
