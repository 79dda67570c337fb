/**
 * `npm test` loads this file into each test process, before the modules of tap.
 *
 * tap records each module that a process loads, for coverage and `tap --changed`, looks it up among its mocks, and reads
 * its source map. An import then takes half as long again, and no test uses it: Node.js strips types in place, so a stack
 * has the right lines without a map. In addition, tap would load its modules into each thread and child process.
 */

import { registerHooks, syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';

/**
 * tap follows each promise to the test that made it, which takes 6 to 10 % of the processor time of a test process.
 * Without it, an error that no test awaits ends the process, as in any program, and so fails the file.
 */
const NO_DOMAIN = `export class Domain {
  constructor(onerror) { this.onerror = onerror; }
  destroy() {}
}`;

/** Modules of tap and what replaces them, in the order of their imports: two by the command line, two by tap. */
const REPLACED: [specifier: string, source: string][] = [
  ['@tapjs/mock/dist/esm/import.mjs', ''],
  ['@tapjs/processinfo/dist/esm/import.mjs', ''],
  ['async-hook-domain', NO_DOMAIN],
  ['async-hook-domain', NO_DOMAIN],
];

const hooks = registerHooks({
  resolve(specifier, context, next) {
    const [replaced] = REPLACED;
    if (replaced === undefined || !specifier.endsWith(replaced[0])) return next(specifier, context);
    REPLACED.shift();
    if (REPLACED.length === 0) hooks.deregister();
    return { url: `data:text/javascript,${encodeURIComponent(replaced[1])}`, shortCircuit: true };
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
