/**
 * Several test files in one process, one after the other. Most files are short, and half of their time is the start of
 * Node.js, tap and the modules of the service. Each file is a test of its own, with its own timeout.
 */

import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { ROOT } from '../../src/base/root.ts';

const FILE_TEST = new URL('file-test.ts', import.meta.url).href;

let current: Test = t;

/** The test of the file that runs. */
export const fileTest = (): Test => current;

/** Runs these files of the tree. What a file imports as `t` from tap is the test of this file. */
export async function runFiles(files: readonly string[]): Promise<void> {
  const { timeout = 0 } = t.options;
  t.setTimeout(files.length * timeout);
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'tap' && context.parentURL !== import.meta.url
        ? { url: `${FILE_TEST}?${context.parentURL}`, shortCircuit: true }
        : next(specifier, context),
  });
  for (const file of files)
    await t.test(file, { timeout }, async (t) => {
      current = t;
      await import(pathToFileURL(join(ROOT, file)).href);
    });
}
