/** The packages, images and actions of others that the service uses, and the npm package of the service. */

import { hash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { programPath } from '../../scripts/find-program.ts';
import { runProgram } from '../support/children.ts';
import { parse } from 'yaml';
import { copiesOf, IMAGE, stageNamed, STAGES, valuesOf } from '../support/dockerfile.ts';
import { ROOT } from '../support/process.ts';

/** Licences (SPDX) that only require attribution. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
]);

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const { packages }: { packages: Record<string, { dev?: boolean; license?: string; optional?: boolean }> } =
  JSON.parse(read('package-lock.json'));

t.test('every production package has a permissive licence', async (t) => {
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  t.ok(production.length > 90);
  for (const [path, { license, optional }] of production) {
    t.ok(PERMISSIVE.has(license ?? ''), `${path}: ${license}`);
    // An optional package may be for another platform.
    if (optional !== true)
      t.equal(
        JSON.parse(read(`${path}/package.json`)).license,
        license,
        `${path} has the licence of the lockfile`,
      );
  }
});

t.test('npm runs no script of a package that it installs', async (t) => {
  t.match(read('.npmrc'), /^ignore-scripts=true$/m);
  for (const [, command = ''] of read('Dockerfile').matchAll(/\bnpm ci\b(.*)$/gm))
    t.match(command, '--ignore-scripts');
});

const DIGEST = /@sha256:[\da-f]{64}$/;

t.test('base images are pinned by their hash', async (t) => {
  const bases = STAGES.flatMap((stage) => valuesOf(stage, 'FROM')).map((base) => base.split(' AS ', 1)[0]);
  const others = bases.filter((base = '') => /[:/]/.test(base));
  t.ok(others.length > 0);
  for (const base of others) t.match(base, DIGEST);
});

t.test('the workflow pins its image and actions by hash, and may only read the repository', async (t) => {
  const { permissions, jobs } = parse(read('.github/workflows/ci.yml'));
  t.same(permissions, { contents: 'read' });
  for (const { container, steps } of Object.values<Job>(jobs)) {
    t.match(container.image, DIGEST);
    t.ok(
      read('Dockerfile').includes(`FROM ${container.image} `),
      'the workflow runs in the base image of the Dockerfile',
    );
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    t.ok(actions.length > 0);
    for (const action of actions) t.match(action, /@[\da-f]{40}$/);
    t.equal(steps.at(-1)?.run, 'bash .ci/run');
  }
});

interface Job {
  readonly container: { readonly image: string };
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

/** Makes the package in an empty folder. Returns its hash and the paths in it. */
async function pack(
  t: Test,
  folder: string,
): Promise<{ readonly sha256: string; readonly paths: readonly string[] }> {
  mkdirSync(folder);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['pack', '--json', '--pack-destination', folder];
  const { stdout } = await runProgram(t, programPath('npm'), args, { cwd: ROOT, env });
  const [{ filename, files }] = JSON.parse(stdout);
  const sha256 = hash('sha256', readFileSync(join(folder, filename)), 'hex');
  return { sha256, paths: files.map(({ path }: { path: string }) => path) };
}

/** Files that npm reads and does not put into a package. */
const OF_NPM: ReadonlySet<string> = new Set(['package-lock.json', '.npmrc']);

t.test('the package is reproducible, and contains the files of the running service', async (t) => {
  const folder = t.testdir({});
  const { sha256, paths } = await pack(t, join(folder, 'first'));
  t.equal((await pack(t, join(folder, 'second'))).sha256, sha256);
  const tops = new Set(paths.map((path) => path.split('/')[0]));
  const copied = [stageNamed('bundle'), IMAGE]
    .flatMap(copiesOf)
    .flatMap(({ from, sources }) => (from === undefined ? sources : []));
  const running = copied.filter((name) => !OF_NPM.has(name)).map((path) => path.split('/')[0]);
  t.same(
    tops,
    new Set([...running, 'openapi.yaml', 'README.md']),
    'the files of the service in the image, and its documents',
  );
  for (const [, launcher = '', script = ''] of read('package.json').matchAll(
    /"(?:config|apikey)": "node (\S+) (\S+)"/g,
  ))
    for (const path of [launcher, 'bin/packaged-node.js', script]) t.ok(paths.includes(path), path);
});
