/** Files that others replace while the service runs. */

import { unwatchFile, watchFile } from 'node:fs';

/** In milliseconds. Asking works on every file system, and through the links that orchestrators and ACME clients change. */
const LOOK_EVERY = 2000;

/** Answers how to end it. */
export function watchFiles(paths: readonly (string | undefined)[], changed: () => void): () => Promise<void> {
  const files = paths.filter((path) => path !== undefined);
  for (const path of files) watchFile(path, { interval: LOOK_EVERY, persistent: false }, changed);
  return async () => {
    for (const path of files) unwatchFile(path, changed);
  };
}
