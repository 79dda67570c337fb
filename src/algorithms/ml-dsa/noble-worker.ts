/** The program of a worker thread. `scripts/bundle.ts` builds it as a file of its own. */

import { parentPort } from 'node:worker_threads';
import { serveTasks } from '../../base/worker-pool-thread.ts';
import { NOBLE_TASKS } from './noble-tasks.ts';

serveTasks(parentPort, NOBLE_TASKS);
