/**
 * `npm test` loads this file into each test process. Otherwise each thread of the service would load the modules of tap
 * too, which takes four times as long as the start of the thread itself. No thread uses them.
 */

import { syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';

class PlainThread extends threads.Worker {
  constructor(entry: string | URL, options?: WorkerOptions) {
    super(entry, { execArgv: [], ...options });
  }
}

Object.assign(threads, { Worker: PlainThread });
syncBuiltinESMExports();
