/**
 * `npm test` loads this file into each test process, before the modules of tap.
 *
 * tap records each module that a process loads, for coverage and `tap --changed`, looks it up among its mocks, and reads
 * its source map. An import then takes half as long again, and no test uses it: Node.js strips types in place, so a stack
 * has the right lines without a map. In addition, tap would load its modules into each thread and child process.
 */

import { registerHooks, syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';
import { inBundle } from './bundle.ts';

/**
 * tap follows each promise to the test that made it, which takes 6 to 10 % of the processor time of a test process.
 * Without it, an error that no test awaits ends the process, as in any program, and so fails the file.
 */
const NO_DOMAIN = `export class Domain {
  constructor(onerror) { this.onerror = onerror; }
  destroy() {}
}`;

/**
 * Modules of tap and what replaces them. The environment and the command line both name those of its loader, and the
 * environment comes first.
 */
const REPLACED: Readonly<Record<string, string>> = {
  '@tapjs/mock/dist/esm/import.mjs': '',
  '@tapjs/processinfo/dist/esm/import.mjs': '',
  'async-hook-domain': NO_DOMAIN,
};

/** The module of tap that imports a replaced module last. */
const LAST = '@tapjs/core/dist/esm/tap.js';

const hooks = registerHooks({
  resolve(specifier, context, next) {
    const [, source] = Object.entries(REPLACED).find(([end]) => specifier.endsWith(end)) ?? [];
    if (source === undefined) return next(specifier, context);
    if (context.parentURL?.endsWith(LAST) === true) hooks.deregister();
    return { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true };
  },
});

delete process.env['NODE_OPTIONS'];
// With the number of this process, tap changes neither `require` nor the environment of child processes.
process.env['__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__'] = String(process.pid);
process.setSourceMapsEnabled(false);
Object.assign(process, { setSourceMapsEnabled: () => {} });

const SOURCES = new URL('../../src/', import.meta.url).href;

/** From the bundle, a thread of the service starts in three quarters of the time. */
const programOf = (entry: string | URL): string | URL =>
  (String(entry).startsWith(SOURCES) ? inBundle(String(entry)) : undefined) ?? entry;

class PlainThread extends threads.Worker {
  constructor(entry: string | URL, options?: WorkerOptions) {
    super(programOf(entry), { execArgv: [], ...options });
  }
}

Object.assign(threads, { Worker: PlainThread });
syncBuiltinESMExports();
