import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface PlainNodeOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard error goes: to that of the tests, unless it is ignored. */
  readonly stderr?: 'inherit' | 'ignore';
}

/**
 * Starts Node as a user does. Through NODE_OPTIONS tap loads modules of its own into every child process, with which
 * some programs do not start at all (ES modules without an extension, as many commands of packages are).
 */
export const plainNode = (
  args: readonly string[],
  { stderr = 'inherit', ...options }: PlainNodeOptions = {},
): ChildProcessByStdio<null, Readable, null> =>
  spawn('/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', stderr],
  });
