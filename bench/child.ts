/** Runs a script of this folder as a child process and parses the JSON that it prints. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programPath } from '../scripts/find-program.ts';

/** Returns the command on the first `count` cores. Node.js counts the cores that Linux allows it. */
export const onCores = (count: number, ...command: readonly [string, ...string[]]): [string, ...string[]] =>
  count < availableParallelism()
    ? [programPath('taskset'), '--cpu-list', `0-${count - 1}`, ...command]
    : [...command];

export interface Child {
  readonly args?: readonly string[];
  /** JSON for its standard input. */
  readonly input?: object;
  /** The number of cores that it may use; default: all. */
  readonly cores?: number | undefined;
  /** Variables in addition to those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Rejects if the script fails. `T` is the type of its output. */
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
