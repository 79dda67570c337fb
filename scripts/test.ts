/** `npm test`: runs the tests with tap. Its arguments are those of tap. */

import { join } from 'node:path';
import { ROOT } from '../src/base/root.ts';
import { bundle } from './bundle.ts';
import { writeGroups } from './test-groups.ts';

const FOLDER = join(ROOT, '.tap');

/**
 * The tests start hundreds of processes, and many of them load the whole service, which has 1,300 modules. Node.js keeps
 * the compiled modules in this folder: a process then starts in half the time.
 */
const NODE_COMPILE_CACHE = join(FOLDER, 'compile-cache');

/** Through NODE_OPTIONS, it is loaded before the modules of tap. */
const OPTIONS = [`--test-env=NODE_OPTIONS=--import=${join(ROOT, 'test/support/plain-process.ts')}`];

/** Programs that tests start, as they do those of the service. */
const PROGRAMS = [
  'test/authorities/issue-and-die.ts',
  'test/revocation/crl/revoke-and-die.ts',
  'test/storage/issuing-child.ts',
];

const args = process.argv.slice(2);
const env: NodeJS.ProcessEnv = { ...process.env, NODE_COMPILE_CACHE };
const files: string[] = [];
if (args.every((arg) => arg.startsWith('-'))) {
  // All files: they share processes, and start services from a bundle, in two thirds of the time.
  const service = join(FOLDER, 'service');
  await bundle(service, PROGRAMS);
  env['SERVICE_START'] = join(service, 'start.js');
  files.push(...writeGroups(join(FOLDER, 'groups')));
}

const command = [process.execPath, join(ROOT, 'node_modules/.bin/tap'), ...OPTIONS, ...args, ...files];
// In place of this process, so that signals reach it.
if (process.execve === undefined) throw new Error('npm test needs a system with execve(2), such as Linux');
process.execve(process.execPath, command, env);
