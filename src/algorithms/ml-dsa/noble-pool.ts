/** The worker threads of `noble-tasks.ts`. */

import { extname } from 'node:path';
import { createWorkerPool, type WorkerPool } from '../../base/worker-pool.ts';
import type { NobleTasks } from './noble-tasks.ts';

export type NoblePool = WorkerPool<NobleTasks>;

/** Relative to this file as written, and to the chunk in dist/ that contains it as built: both have it beside them. */
const ENTRY = new URL(`./noble-worker${extname(import.meta.filename)}`, import.meta.url);

/** `size` is the maximum number of threads. */
export const createNoblePool = (size?: number): NoblePool =>
  createWorkerPool({ entry: ENTRY, subject: 'The cryptographic engine', code: 'engine-unavailable', size });
