/**
 * The service in a few files instead of 1,140 modules, so that it is ready in half the time. What it loads only where it is
 * configured stays apart.
 */

import { basename, extname, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { build } from 'rolldown';
import { ROOT } from '../src/base/root.ts';

/** Each is a program, or what a thread runs. */
const ENTRIES = [
  'bin/start.js',
  'bin/worker.js',
  'bin/healthcheck.js',
  'src/algorithms/ml-dsa/noble-worker.ts',
];

/** It reads files that stand beside its code. */
const APART = ['@fastify/swagger-ui'];

/** Where deployments start it. */
export const DIST = join(ROOT, 'dist');

/** Replaces what is in `folder`, an absolute path one below the folder of the service. Throws what rolldown finds wrong. */
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
