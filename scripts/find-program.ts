/** Programs of this machine, always by absolute path: a name would be looked up again, maybe on another PATH. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The absolute path of the first of `names` that is on the PATH; undefined where none is. */
export function findProgram(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => resolve(folder, name))).find(isExecutable);
}

/** The absolute path of a program. Throws Error where it is not on the PATH. */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}
