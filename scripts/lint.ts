/** `npm run lint`: checks the formatting, the lint rules and the types. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readOptions } from './command-line.ts';

const USAGE = `npm run lint
  Checks the formatting, the lint rules and the types of every file. It stops after the first check that finds a fault.
  Exit code 0: no fault.

Example:
  npm run format && npm run lint
`;

const ROOT = join(import.meta.dirname, '..');

const CHECKS = [['prettier', '--check', '.'], ['oxlint'], ['tsc', '-p', '.']] as const;

readOptions(USAGE, {});

/** Returns whether the program found no fault. */
function passes([program, ...args]: (typeof CHECKS)[number]): boolean {
  const path = join(ROOT, 'node_modules/.bin', program);
  const { status, error } = spawnSync(path, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) throw error;
  return status === 0;
}

process.exitCode = CHECKS.every(passes) ? 0 : 1;
