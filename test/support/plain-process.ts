/**
 * `npm test` loads this file into each test process, before the modules of tap.
 *
 * tap records each module that a process loads, for coverage and `tap --changed`, looks it up among its mocks, and reads
 * its source map. An import then takes half as long again, and no test uses it: Node.js strips types in place, so a stack
 * has the right lines without a map. In addition, tap would load its modules into each thread and child process.
 */

import { registerHooks, syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';

/** Options of the command line import them, in this order, after this file. */
const UNUSED = ['@tapjs/mock/dist/esm/import.mjs', '@tapjs/processinfo/dist/esm/import.mjs'];

const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.endsWith(UNUSED[0] ?? '')) return next(specifier, context);
    UNUSED.shift();
    if (UNUSED.length === 0) hooks.deregister();
    return { url: 'data:text/javascript,', shortCircuit: true };
  },
});

delete process.env['NODE_OPTIONS'];
// With the number of this process, tap changes neither `require` nor the environment of child processes.
process.env['__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__'] = String(process.pid);
process.setSourceMapsEnabled(false);
Object.assign(process, { setSourceMapsEnabled: () => {} });

class PlainThread extends threads.Worker {
  constructor(entry: string | URL, options?: WorkerOptions) {
    super(entry, { execArgv: [], ...options });
  }
}

Object.assign(threads, { Worker: PlainThread });
syncBuiltinESMExports();
