/** `npm test`: runs the tests with tap. Its arguments are those of tap. */

import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/**
 * The tests start hundreds of processes, and many of them load the whole service, which has 1,300 modules. Node.js keeps
 * the compiled modules in this folder: a process then starts in half the time.
 */
const NODE_COMPILE_CACHE = join(ROOT, '.tap/compile-cache');

const OPTIONS = [
  // tap records the modules of each process, for coverage and `tap --changed`. This excludes every module.
  '--test-env=_TAPJS_PROCESSINFO_EXCLUDE_=/^/',
  `--node-arg=--import=${join(ROOT, 'test/support/plain-threads.ts')}`,
];

const command = [process.execPath, join(ROOT, 'node_modules/.bin/tap'), ...OPTIONS, ...process.argv.slice(2)];
// In place of this process, so that signals reach it.
if (process.execve === undefined) throw new Error('npm test needs a system with execve(2), such as Linux');
process.execve(process.execPath, command, { ...process.env, NODE_COMPILE_CACHE });
