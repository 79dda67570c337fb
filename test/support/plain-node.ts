import type { SpawnOptions } from 'node:child_process';
import type { Test } from 'tap';
import { runProgram, type Ended } from './children.ts';

/**
 * Runs Node.js as a user does, to its end. Through NODE_OPTIONS, tap loads its modules into every child process. Some
 * programs do not start with them: ES modules without a file extension, as many commands of packages are.
 */
export const plainNode = (
  t: Test,
  args: readonly string[],
  place: Pick<SpawnOptions, 'cwd' | 'env' | 'timeout'> = {},
): Promise<Ended> => runProgram(t, '/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], place);
