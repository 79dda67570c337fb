/** Watches files that others replace while the service runs. */

import { unwatchFile, watchFile } from 'node:fs';

/** In milliseconds. Polling works on every file system, and through the links that orchestrators and ACME clients change. */
const INTERVAL = 2000;

/** Returns a function that stops it. */
export function watchFiles(paths: readonly (string | undefined)[], changed: () => void): () => Promise<void> {
  const files = paths.filter((path) => path !== undefined);
  for (const path of files) watchFile(path, { interval: INTERVAL, persistent: false }, changed);
  return async () => {
    for (const path of files) unwatchFile(path, changed);
  };
}
