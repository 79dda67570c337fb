/**
 * Programs that tests start: they have absolute paths, their stubs do not start themselves, and they end with the test.
 */

import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import t, { type Test } from 'tap';
import { findProgram, programPath } from '../../scripts/find-program.ts';
import { runProgram, startProgram } from '../support/children.ts';
import { plainNode } from '../support/plain-node.ts';
import { isRunning, ROOT } from '../support/process.ts';
import { until } from '../support/until.ts';

const support = (module: string): string => JSON.stringify(join(ROOT, 'test/support', module));

/** Writes programs named `kubectl` into folders of their own. Returns a PATH that begins with these folders. */
function pathWith(folder: string, programs: readonly string[]): string {
  const folders = programs.map((program, i) => {
    const bin = join(folder, `bin${i}`);
    mkdirSync(bin);
    // The stub in .ci/bin needs the cache.
    for (const [name, text] of Object.entries({ kubectl: program, openssl: '#!/bin/sh\necho 00\n' })) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
    return bin;
  });
  return [...folders, process.env.PATH].join(delimiter);
}

/** Records each start. From the 20th start on it fails at once, so that a bug cannot start it endlessly. */
const NOTED = `#!/bin/sh
echo "$*" >> "$XDG_CACHE_HOME/starts"
[ "$(wc -l < "$XDG_CACHE_HOME/starts")" -lt 20 ] || exit 71
`;

const KUBECTL = `${NOTED}
case "$*" in
  version*) echo 'Kustomize Version: v5.0.0' ;;
  *create*) printf 'kind: Secret\\nmetadata: { name: made }\\ndata: { file: dGV4dA== }\\n' ;;
esac
`;

/** Works like the stub of a version manager: it starts the next program of its name on the PATH. */
const SHIM = `${NOTED}
own=$(dirname "$0")
PATH=$(echo "$PATH" | tr : '\\n' | grep -vFx "$own" | tr '\\n' :)
exec kubectl "$@"
`;

/** Makes the secrets of docs/kubernetes.md in a process that finds only these programs named kubectl. */
async function documentedSecrets(t: Test, programs: readonly string[]) {
  const folder = t.testdir({});
  const program = `
    import t from ${JSON.stringify(import.meta.resolve('tap'))};
    import { documentedSecrets } from ${support('kubernetes-pod.ts')};
    const { secrets, apiKey } = await documentedSecrets(t);
    t.same(Object.keys(secrets), ['made']);
    t.ok(apiKey.length > 20);`;
  // Without a cache, .ci/bin/kubectl starts the kubectl on the PATH.
  // That process needs kubectl alone: no other program may count as missing.
  const { REQUIRE_SERVICES: _, ...variables } = process.env;
  const env = { ...variables, PATH: pathWith(folder, programs), XDG_CACHE_HOME: folder };
  // A stub that starts itself would start shells for ever. They end with the process.
  const place = { env, cwd: folder, timeout: 60_000 };
  const { code, stdout } = await plainNode(t, ['--input-type=module', '-e', program], place);
  const starts = readFileSync(join(folder, 'starts'), 'utf8').split('\n').slice(0, -1);
  return { code, stdout, creations: starts.filter((args) => args.includes(' create ')) };
}

t.test('the stub of kubectl starts the kubectl of the machine once for each secret', async (t) => {
  const { code, stdout, creations } = await documentedSecrets(t, [KUBECTL]);
  if (!t.equal(code, 0)) t.comment(stdout);
  t.equal(creations.length, 4);
});

t.test('the stub of kubectl does not start itself through another stub', async (t) => {
  const { code, stdout, creations } = await documentedSecrets(t, [SHIM, KUBECTL]);
  if (!t.equal(code, 0)) t.comment(stdout);
  t.equal(creations.length, 8, 'each stub runs once for each secret');
});

t.test('a program is found by its absolute path, and a folder is not a program', async (t) => {
  const folder = t.testdir({ folders: { tool: {} }, files: { tool: '', other: '' } });
  const path = process.env.PATH;
  t.teardown(() => (process.env.PATH = path));
  process.env.PATH = [join(folder, 'folders'), join(folder, 'files')].join(delimiter);
  t.equal(findProgram('tool'), undefined, 'a file that may not be executed is not a program');
  chmodSync(join(folder, 'files/tool'), 0o755);
  symlinkSync('tool', join(folder, 'files/link'));
  t.equal(findProgram('tool'), join(folder, 'files/tool'));
  t.equal(findProgram('other', 'link'), join(folder, 'files/link'));
  process.env.PATH = 'files';
  t.ok(isAbsolute(findProgram('tool') ?? '/'));
  t.throws(() => programPath('tool'), { message: 'tool is not installed' });
});

/** The name of a program that a line starts without a path. */
const BARE =
  /\b(?:spawn|spawnSync|execFile|execFileSync|exec|execSync|startProgram|runProgram)\)?\((?:t, )?'(?!\/)/;

t.test('no test and no script starts a program by its bare name', async (t) => {
  t.match("spawn('kubectl', [])", BARE);
  t.match("await promisify(execFile)('bash')", BARE);
  t.notMatch("spawn('/bin/sh', [])", BARE);
  for (const file of globSync(['test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'], { cwd: ROOT })) {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
    if (!file.endsWith('programs.test.ts'))
      t.same(
        lines.filter((line) => BARE.test(line)),
        [],
        file,
      );
  }
});

t.test('a program is started only by its absolute path', async (t) => {
  t.throws(
    () => startProgram(t, 'sh', [], { stdio: ['ignore', 'ignore', 'ignore'] }),
    /not an absolute path/,
  );
  const { code, stdout, stderr } = await runProgram(t, '/bin/sh', ['-c', 'echo 1; echo 2 >&2; exit 3']);
  t.same({ code, stdout, stderr }, { code: 3, stdout: '1\n', stderr: '2\n' });
  await t.rejects(runProgram(t, '/bin/no-such-program', []), { code: 'ENOENT' });
});

/** Starts two processes of one group, and prints their process ids. */
const TWO = 'sleep 600 & echo $! $$; wait';

/** A test that starts these two processes and then runs `rest`. */
const owner = (rest: string): string => `
  import t from ${JSON.stringify(import.meta.resolve('tap'))};
  import { writeSync } from 'node:fs';
  import { startProgram } from ${support('children.ts')};
  t.test('starts two processes', async (t) => {
    const child = startProgram(t, '/bin/sh', ['-c', ${JSON.stringify(TWO)}], {
      stdio: ['ignore', 'inherit', 'ignore'],
    });
    writeSync(1, 'guarded\\n');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.destroy();
    ${rest}
  });`;

const ENDS: readonly [name: string, rest: string, signal?: NodeJS.Signals][] = [
  ['ends', ''],
  ['fails', "throw new Error('it fails');"],
  ['is over in the midst of its work', 'process.exit();'],
  ['is asked by tap to end', 'await new Promise(() => setInterval(() => {}, 1000));', 'SIGALRM'],
  ['is killed', 'await new Promise(() => setInterval(() => {}, 1000));', 'SIGKILL'],
];

for (const [name, rest, signal] of ENDS) {
  t.test(`the processes of a test end when the test ${name}`, async (t) => {
    const args = ['-u', 'NODE_OPTIONS', process.execPath, '--input-type=module', '-e', owner(rest)];
    const test = startProgram(t, '/usr/bin/env', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let printed = '';
    test.stdout.on('data', (chunk) => (printed += String(chunk)));
    // The processes print as soon as they run, which is before the test has told their guard.
    await until(() => /^\d+ \d+$/m.test(printed) && /^guarded$/m.test(printed));
    const pids = /^(\d+) (\d+)$/m.exec(printed)?.slice(1).map(Number) ?? [];
    t.same(pids.map(isRunning), [true, true], 'the processes run while the test runs');
    const ended = once(test, 'exit');
    test.stdin.write('\n');
    if (signal !== undefined) test.kill(signal);
    await ended;
    await until(() => !pids.some(isRunning));
  });
}

t.test('a test does not wait for its processes, and they do not end before the test', async (t) => {
  let running = 0;
  await t.test('starts', async (t) => {
    const child = startProgram(t, '/bin/sh', ['-c', TWO], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(child.stdout, 'data');
    running = Number(String(line).split(' ')[0]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    t.ok(isRunning(running), 'the other process of the group continues');
  });
  await until(() => !isRunning(running));
});
