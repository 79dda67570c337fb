/** Bouncy Castle 1.79 or later, in Java: an independent implementation of CRLs, OCSP and path validation. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findProgram } from '../../scripts/find-program.ts';
import { runProgram } from './children.ts';
import { ROOT } from './process.ts';
import { missing, type Missing } from './services.ts';

const CACHE = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const JARS = join(CACHE, 'mldsa-ci/bouncy-castle-debian13/usr/share/java');

const java = findProgram('java');

export const bouncyCastleMissing: Missing =
  (java === undefined && missing('java is not installed')) ||
  (!existsSync(join(JARS, 'bcpkix.jar')) && missing('Bouncy Castle is not unpacked: .ci/services does that'));

/** Runs `test/interop/Judge.java` on these folders. Returns what it prints, by the first two words of each line. */
export async function judgeFolders(
  t: Test,
  folders: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const classPath = ['bcprov', 'bcutil', 'bcpkix'].map((name) => join(JARS, `${name}.jar`)).join(':');
  const program = join(ROOT, 'test/interop/Judge.java');
  const { code, stdout, stderr } = await runProgram(t, java ?? '', ['-cp', classPath, program, ...folders]);
  if (code !== 0) throw new Error(stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
}
