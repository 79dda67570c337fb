/** Test files that share a process (scripts/test-groups.ts). */

import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import t from 'tap';
import { groupFile, runsAlone, testProcesses } from '../../scripts/test-groups.ts';
import { ROOT } from '../support/process.ts';
import { plainNode } from '../support/plain-node.ts';

t.test('each test file is run once', async (t) => {
  const { alone, groups } = testProcesses();
  t.strictSame(
    [...alone, ...groups.flat()].toSorted(),
    globSync('test/**/*.test.ts', { cwd: ROOT }).toSorted(),
  );
  t.ok(groups.every(({ length }) => length > 1 && length <= 10));
});

t.test('a file that changes or measures its process runs alone', async (t) => {
  const ofProcess = [
    "process.on('warning', note);",
    "process.env['PORT'] = '1';",
    'delete process.env.PORT;',
    'const path = (process.env.PATH = folder);',
    'process.chdir(folder);',
    'process.memoryUsage.rss();',
    "import { mock } from 'node:test';",
    "import { subscribe } from 'node:diagnostics_channel';",
    "import { lowerPoolPriority } from '../../plugins/node-internals/pool-priority.ts';",
    "import { peakOf } from '../support/process-memory.ts';",
    "await t.mockImport('./a.ts', {});",
  ];
  for (const line of ofProcess) t.ok(runsAlone('test/ca/a.test.ts', `${line}\n`), line);
  const ordinary = [
    "const given = process.env.PORT ?? '';",
    "import { run } from '../support/process.ts';",
    "child.kill('SIGTERM');",
  ];
  for (const line of ordinary) t.notOk(runsAlone('test/ca/a.test.ts', `${line}\n`), line);
  t.ok(runsAlone('test/faults/a.test.ts', ''), 'it waits for programs');
});

t.test('no file besides the tests imports tap, since each test file has its own test', async (t) => {
  const paths = globSync('test/**/*.ts', { cwd: ROOT }).filter(
    (path) => !/\.test\.ts$|^test\/faults\/long\/|^test\/support\/run-files\.ts$/.test(path),
  );
  const importing = paths.filter((path) =>
    /^import (?!type).* from 'tap'/m.test(readFileSync(join(ROOT, path), 'utf8')),
  );
  t.strictSame(importing, []);
});

t.test('in a shared process, each file is named, and fails alone', async (t) => {
  const folder = t.testdir({
    'good.test.ts': "import t from 'tap';\nt.test('a', async (t) => t.ok(true));\nt.ok(true);\n",
    'bad.test.ts': "import t from 'tap';\nt.test('b', async (t) => t.ok(false));\n",
    'broken.test.ts': "import t from 'tap';\nt.ok(true);\nthrow new Error('it breaks');\n",
    'last.test.ts':
      "import t from 'tap';\nt.teardown(() => t.comment('removed'));\nt.test('c', async () => {});\n",
  });
  const names = ['good', 'bad', 'broken', 'last'].map((name) =>
    join(relative(ROOT, folder), `${name}.test.ts`),
  );
  const { code, stdout } = await plainNode(t, ['--input-type=module', '-e', groupFile(names)]);
  t.equal(code, 1);
  const results = ['ok 1', 'not ok 2', 'not ok 3', 'ok 4'];
  t.strictSame(
    stdout.match(/^(?:not )?ok \d+ - \S+/gm),
    results.map((result, index) => `${result} - ${names[index]}`),
  );
  t.match(stdout, /it breaks/);
});
