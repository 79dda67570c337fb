import type { SpawnOptions } from 'node:child_process';
import type { Test } from 'tap';
import { runProgram, type Ended } from './children.ts';

/**
 * Runs Node as a user does, to its end. Through NODE_OPTIONS tap loads modules of its own into every child process, with
 * which some programs do not start at all (ES modules without an extension, as many commands of packages are).
 */
export const plainNode = (
  t: Test,
  args: readonly string[],
  place: Pick<SpawnOptions, 'cwd' | 'env' | 'timeout'> = {},
): Promise<Ended> => runProgram(t, '/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], place);
