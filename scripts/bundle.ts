/**
 * Bundles the service into a few files instead of 1,140 modules, so that it starts in half the time. Modules that are
 * loaded only for some configurations remain separate files.
 */

import { basename, extname, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { build } from 'rolldown';
import { ROOT } from '../src/base/root.ts';

/** Each is a program or the module of a thread. */
const ENTRIES = [
  'bin/start.js',
  'bin/worker.js',
  'bin/healthcheck.js',
  'src/algorithms/ml-dsa/noble-worker.ts',
];

/** Not bundled, because it reads files in the folder of its code. */
const APART = ['@fastify/swagger-ui'];

/** The folder that deployments start. */
export const DIST = join(ROOT, 'dist');

/**
 * Replaces the content of `folder`, an absolute path directly below the folder of the service. Throws the errors of
 * rolldown.
 */
export async function bundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await build({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((path) => [basename(path, extname(path)), path])),
    platform: 'node',
    external: APART,
    output: { dir: folder, format: 'esm', chunkFileNames: '[name]-[hash].js' },
    logLevel: 'warn',
  });
}
