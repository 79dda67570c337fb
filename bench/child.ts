/** Runs a script of this folder as a process of its own, and reads the JSON that it prints. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Child {
  readonly args?: readonly string[];
  /** Sent to its standard input as JSON. */
  readonly input?: object;
}

/** Throws Error where it ends badly. The caller says what it prints. */
export async function runScript<T>(script: string, { args = [], input }: Child): Promise<T> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input === undefined ? '' : JSON.stringify(input));
  const [, output] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
  if (child.exitCode !== 0) throw new Error(`${script} ended with exit code ${child.exitCode}`);
  return JSON.parse(output) as T;
}
