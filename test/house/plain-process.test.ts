/** What tap does not do in the processes that `npm test` starts (test/support/plain-process.ts). */

import t from 'tap';

/** Where the loader of tap keeps the modules that the process has loaded. */
const RECORD = Symbol.for('@tapjs/processinfo.ProcessInfoNodeData');

const isPlain = process.env['__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__'] === String(process.pid);

t.test(
  'tap does not record the modules of a test',
  { skip: !isPlain && 'not run by npm test' },
  async (t) => {
    await import('../support/until.ts');
    const { files = [] }: { files?: readonly string[] } = Reflect.get(globalThis, RECORD) ?? {};
    t.same(
      files.filter((file) => file.endsWith('until.ts')),
      [],
    );
  },
);
