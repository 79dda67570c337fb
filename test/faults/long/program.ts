import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programPath } from '../../../scripts/find-program.ts';

/** Runs a program to its end and returns its output. Throws if it is not installed. */
export async function execute(name: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, TERM: 'dumb' };
  const { stdout } = await promisify(execFile)(programPath(name), args, { env });
  return stdout;
}
