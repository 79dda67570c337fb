/** The ways to start the service: with npm, and with an older Node.js, which starts the packaged one. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { findProgram } from '../../scripts/find-program.ts';
import { findNode } from '../support/older-node.ts';
import {
  addressIn,
  childrenOf,
  WITHOUT_STORE,
  isRunning,
  ROOT,
  run,
  START_SOURCES,
  type Run,
} from '../support/process.ts';
import { status } from '../support/steady-load.ts';

const npm = findProgram('npm');
const older = findNode((major, minor) => major < 24 || (major === 24 && minor < 12));
const olderMissing = older === undefined && 'there is no older Node.js here';

/** Returns the address and the process id of a service. It may not be a child of this process. */
async function serviceOf(t: Test, { listening }: Run): Promise<{ address: string; pid: number }> {
  const line = await listening;
  const { pid } = JSON.parse(line) as { pid: number };
  t.teardown(() => isRunning(pid) && process.kill(pid, 'SIGKILL'));
  return { address: addressIn(line), pid };
}

for (const [signal, workers] of [
  ['SIGTERM', '1'],
  ['SIGTERM', '2'],
  ['SIGINT', '2'],
] as const) {
  const title = `${signal} to npm start ends the service with WEB_CONCURRENCY=${workers}`;
  t.test(title, { skip: npm === undefined && 'npm is not installed' }, async (t) => {
    const { PATH = '', HOME = '' } = process.env;
    const env = { ...WITHOUT_STORE, PATH, HOME, WEB_CONCURRENCY: workers };
    const service = run(t, ['--prefix', ROOT, 'start'], env, { node: npm ?? '' });
    const { address, pid } = await serviceOf(t, service);
    service.kill(signal);
    t.equal((await service.end).code, 0);
    t.notOk(isRunning(pid));
    t.equal(await status(`${address}/health`), 0, 'no process listens on the port');
  });
}

t.test(
  'an older Node.js starts the packaged one and passes signals on',
  { skip: olderMissing },
  async (t) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const service = run(t, [START_SOURCES], WITHOUT_STORE, { node: older ?? '' });
      const { address, pid } = await serviceOf(t, service);
      t.not(pid, service.pid);
      t.equal(await status(`${address}/health`), 200);
      service.kill(signal);
      const { code, stdout, stderr } = await service.end;
      t.equal(code, 0);
      t.match(stdout, `${signal} received: the service stops`);
      t.equal(stderr, '');
      t.notOk(isRunning(pid));
    }
  },
);

t.test('it ends as the packaged Node.js does', { skip: olderMissing }, async (t) => {
  const { code, stderr } = await run(t, [START_SOURCES], { PORT: 'eighty' }, { node: older ?? '' }).end;
  t.equal(code, 78);
  t.match(stderr, /^Configuration: PORT must be a whole number/);

  const killed = run(t, [START_SOURCES], WITHOUT_STORE, { node: older ?? '' });
  const { pid } = await serviceOf(t, killed);
  t.same(childrenOf(killed.pid ?? 0), [pid]);
  process.kill(pid, 'SIGKILL');
  t.equal((await killed.end).code, null, 'the older Node.js also ends by SIGKILL');
});

t.test('scripts also run with the packaged Node.js', { skip: olderMissing }, async (t) => {
  const launcher = join(ROOT, 'bin/node.js');
  const script = join(ROOT, 'scripts/print-config.ts');
  for (const node of [older ?? '', process.execPath]) {
    const { code, stdout } = await run(t, [launcher, script], { PORT: '9000' }, { node }).end;
    t.equal(code, 0);
    t.match(stdout, /^PORT=9000$/m);
  }
  const { stdout } = await run(t, [launcher, '--print', 'process.version'], {}, { node: older ?? '' }).end;
  t.equal(stdout.trim(), process.version);
});

t.test('without a packaged Node.js, one line says what to do', { skip: olderMissing }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const file of ['package.json', 'bin/start.js', 'bin/packaged-node.js']) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  const service = run(t, [join(folder, 'bin/start.js')], WITHOUT_STORE, { node: older ?? '' });
  const { code, stdout, stderr } = await service.end;
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /^This service needs Node\.js 24\.12 or newer, and this is \d+\.\d+\.\d+\. Install .*\n$/);
});

t.test(
  'scripts that need development packages run with them, and say in one line what to do without',
  async (t) => {
    const launched = run(t, [join(ROOT, 'bin/dev-node.js'), '--print', '6 * 7']);
    t.match(await launched.end, { code: 0, stdout: '42\n', stderr: '' });

    const folder = mkdtempSync(join(tmpdir(), 'start-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    for (const file of ['package.json', 'bin/dev-node.js', 'bin/packaged-node.js']) {
      cpSync(join(ROOT, file), join(folder, file));
    }
    const env = { npm_lifecycle_event: 'generate' };
    const { code, stdout, stderr } = await run(t, [join(folder, 'bin/dev-node.js'), 'any.ts'], env).end;
    t.equal(code, 1);
    t.equal(stdout, '');
    t.equal(
      stderr,
      'generate: development packages are not installed. Run "npm ci" without "--omit=dev" first.\n',
    );
  },
);

t.test('each script that needs development packages is started so', async (t) => {
  const needy = Object.entries(manifest.scripts)
    .filter(([, command]) => command.includes('bin/dev-node.js'))
    .map(([name]) => name);
  t.same(needy, [
    'generate',
    'interoperability',
    'build',
    'bench',
    'test',
    'faults',
    'coverage',
    'format',
    'lint',
  ]);
  for (const [name, command] of Object.entries(manifest.scripts)) {
    const [, script = ''] = /^node bin\/node\.js (scripts\/\S+)$/.exec(command) ?? [];
    if (script === '') continue;
    const sources = await sourcesOf(join(ROOT, script));
    const packages = sources.flatMap((source) =>
      [...source.matchAll(IMPORTED_PACKAGE)].map(([, name = '']) => name),
    );
    const development = packages.filter((name) => name in manifest.devDependencies);
    t.same(development, [], `npm run ${name} needs no development package`);
  }
});

const IMPORTED_PACKAGE = /^(?!import type).*\bfrom '((?:@[^/']+\/)?[a-z][^/':]*)/gm;

/** Returns the text of a script, and of every script that it imports. */
async function sourcesOf(script: string, read = new Set<string>()): Promise<readonly string[]> {
  if (read.has(script)) return [];
  read.add(script);
  const source = await readFile(script, 'utf8');
  const imported = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    join(dirname(script), path),
  );
  const others = await Promise.all(imported.map((path) => sourcesOf(path, read)));
  return [source, ...others.flat()];
}

t.test('Ctrl-C, which npm repeats, ends the service as one signal does', async (t) => {
  const service = run(t, [START_SOURCES], WITHOUT_STORE);
  await service.listening;
  for (let i = 0; i < 5; i++) service.kill('SIGINT');
  const { code, stdout } = await service.end;
  t.equal(code, 0);
  t.notMatch(stdout, 'second SIGINT');
});
