/**
 * Several test files in one process, one after the other. Most files are short, and half of their time is the start of
 * Node.js, tap and the modules of the service. Each file is a test of its own, with its own timeout.
 */

import { registerHooks } from 'node:module';
import t, { type Test } from 'tap';

const FILE_TEST = new URL('file-test.ts', import.meta.url).href;

let current: Test = t;

/** The test of the file that runs. */
export const fileTest = (): Test => current;

/** Runs test files: by name, functions that import them. What a file imports as `t` from tap is the test of this file. */
export async function runFiles(files: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const { timeout = 0 } = t.options;
  const entries = Object.entries(files);
  t.setTimeout(entries.length * timeout);
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'tap' && context.parentURL !== import.meta.url
        ? { url: `${FILE_TEST}?${context.parentURL}`, shortCircuit: true }
        : next(specifier, context),
  });
  for (const [name, load] of entries)
    await t.test(name, { timeout }, async (t) => {
      current = t;
      await load();
    });
}
