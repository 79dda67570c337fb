import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../support/services.ts';

/** Runs a program to its end and answers what it printed. Throws where it is not installed. */
export async function execute(name: string, args: readonly string[]): Promise<string> {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const { stdout } = await promisify(execFile)(path, args, { env: { PATH: process.env.PATH, TERM: 'dumb' } });
  return stdout;
}
