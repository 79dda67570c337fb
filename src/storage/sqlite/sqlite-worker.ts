/** The program of a thread of the database. */

import { parentPort } from 'node:worker_threads';
import { serveTasks } from '../../base/worker-pool-thread.ts';
import { createSqliteTasks } from './sqlite-tasks.ts';

serveTasks(parentPort, createSqliteTasks());
