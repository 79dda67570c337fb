/** The bundle of the service that `npm test` makes, if it runs all files. */

import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** Returns the path of a program of this tree in the bundle; undefined without a bundle, or if it has not this program. */
export function inBundle(path: string): string | undefined {
  const start = process.env['SERVICE_START'];
  if (start === undefined) return undefined;
  const file = join(dirname(start), `${basename(path, extname(path))}.js`);
  return existsSync(file) ? file : undefined;
}
