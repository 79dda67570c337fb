/** Runs a script of this folder as a process of its own, and reads the JSON that it prints. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programPath } from '../scripts/find-program.ts';

/** Node.js sees as many cores as Linux lets it run on. */
export const onCores = (count: number, ...command: readonly [string, ...string[]]): [string, ...string[]] =>
  count < availableParallelism()
    ? [programPath('taskset'), '--cpu-list', `0-${count - 1}`, ...command]
    : [...command];

export interface Child {
  readonly args?: readonly string[];
  /** Sent to its standard input as JSON. */
  readonly input?: object;
  /** Those of this machine that it may run on; all unless given. */
  readonly cores?: number | undefined;
  /** Beside the variables of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Throws Error where it ends badly. The caller says what it prints. */
export async function runScript<T>(
  script: string,
  { args = [], input, cores = availableParallelism(), environment }: Child,
): Promise<T> {
  const [command, ...rest] = onCores(cores, process.execPath, join(import.meta.dirname, script), ...args);
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  child.stdin.end(input === undefined ? '' : JSON.stringify(input));
  const [, output] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
  if (child.exitCode !== 0) throw new Error(`${script} ended with exit code ${child.exitCode}`);
  return JSON.parse(output) as T;
}
