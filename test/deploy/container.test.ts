/** The image: what the Dockerfile says of it, what is in it, and the service in its file tree. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import {
  commandOf,
  copiesOf,
  ENVIRONMENT,
  IMAGE,
  stageNamed,
  STAGES,
  valuesOf,
} from '../support/dockerfile.ts';
import { freePort } from '../support/free-port.ts';
import { buildImage, imageMissing, runInImage, startInImage } from '../support/image.ts';
import { issueFrom } from '../support/made-authorities.ts';
import { succeeding } from '../support/until.ts';
import { ROOT } from '../support/process.ts';

const words = (text = ''): string[] => text.split(/\s+/);

const TREE = STAGES.flatMap(copiesOf).filter(({ from }) => from === undefined);

t.test('the build context holds what is copied and nothing else', async (t) => {
  const ignore = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
  const kept = ignore.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  t.ok(ignore.includes('*'), 'everything else is ignored');
  t.same(new Set(kept), new Set(TREE.flatMap(({ sources }) => sources)));
});

t.test('its base images are pinned by their digest', async (t) => {
  const names = new Set<string>();
  for (const stage of STAGES) {
    const [base = '', , name = ''] = valuesOf(stage, 'FROM')[0]?.split(' ') ?? [];
    if (!names.has(base)) t.match(base, /^[\w./-]+:[\w.-]+@sha256:[\da-f]{64}$/, `${base} has a digest`);
    names.add(name);
  }
});

t.test('the image is without the native engine, unless that is asked for', async (t) => {
  t.same(STAGES.at(-1), [{ name: 'FROM', value: 'service' }], 'the default target is the service');
  t.notMatch(IMAGE.map(({ value }) => value).join(), 'native');
  const addon = stageNamed('addon');
  const script = words(valuesOf(addon, 'RUN').at(-1)).at(-1) ?? '';
  const copied = copiesOf(addon).flatMap(({ from, sources }) => (from === undefined ? sources : []));
  t.ok(copied.includes(script), `${script} is there to be run`);
  const [, needed = ''] = /\(Debian: ([^)]+)\)/.exec(await readFile(join(ROOT, script), 'utf8')) ?? [];
  const installed = words(valuesOf(addon, 'RUN')[0]);
  t.same(
    needed.split(', ').filter((name) => !installed.includes(name)),
    [],
    'what it says that it needs is installed',
  );
  const folder = '/app/native/build';
  t.same(copiesOf(stageNamed('native')), [
    { from: 'addon', sources: [folder], target: `.${folder.slice(4)}` },
  ]);
});

t.test('the image runs without rights, in production, and stops as the service does', async (t) => {
  t.same(valuesOf(IMAGE, 'USER'), ['65532:65532']);
  t.same(valuesOf(IMAGE, 'STOPSIGNAL'), ['SIGTERM']);
  t.equal(ENVIRONMENT.NODE_ENV, 'production');
  t.same(valuesOf(IMAGE, 'EXPOSE'), [ENVIRONMENT.PORT]);
  t.same(valuesOf(IMAGE, 'RUN'), [], 'it needs no shell to be made');
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  t.match(valuesOf(IMAGE, 'LABEL')[0], `org.opencontainers.image.version="${version}"`);
});

/** The packages of production by the lockfile, as name@version. */
async function lockedPackages(): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const packages: [string, { version: string; dev?: boolean; optional?: boolean; devOptional?: boolean }][] =
    Object.entries(lock.packages);
  return packages
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !(dev || optional || devOptional))
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`);
}

/** Those that stand in a folder. */
const installedPackages = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
    .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')))
    .filter(({ name, version }) => name !== undefined && version !== undefined)
    .map(({ name, version }) => `${name}@${version}`);

const sorted = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

t.test('it stores nothing unless the operator says where', async (t) => {
  for (const name of ['DATA_DIR', 'DATABASE_URL', 'KEY_ENCRYPTION_KEY_FILE'])
    t.notOk(name in ENVIRONMENT, name);
  t.same(valuesOf(IMAGE, 'VOLUME'), [], 'a container without -v has no volume');
});

/** The place of a volume, which a new volume gets its owner from. */
const DATA = '/var/lib/mldsa-api';

t.test('the tree of the image', { skip: imageMissing }, async (t) => {
  const root = await buildImage(t);

  await t.test('it holds the packages of production, and a list of them (CycloneDX)', async (t) => {
    const locked = sorted(await lockedPackages());
    t.same(sorted(installedPackages(join(root, 'app/node_modules'))), locked);
    const sbom = JSON.parse(await readFile(join(root, 'app/sbom.cdx.json'), 'utf8'));
    t.match(sbom, { bomFormat: 'CycloneDX', specVersion: /^1\.\d$/ });
    const components: {
      name: string;
      version: string;
      purl: string;
      hashes: unknown[];
      licenses: unknown[];
    }[] = sbom.components;
    t.same(sorted(components.map(({ name, version }) => `${name}@${version}`)), locked);
    for (const { name, purl, hashes, licenses } of components) {
      t.match(purl, /^pkg:npm\/.+@/, name);
      t.ok(hashes.length > 0 && licenses.length > 0, name);
    }
  });

  await t.test(
    'it starts read-only, without rights and without a shell, is healthy, and ends on SIGTERM',
    async (t) => {
      const port = await freePort();
      const env = { ...ENVIRONMENT, PORT: String(port), LOG_LEVEL: 'warn', SHUTDOWN_DELAY: '0' };
      const open = await startInImage(t, root, commandOf('ENTRYPOINT'), env);
      t.equal(await open.end, 78, 'without a key for its callers it does not start');

      const key = randomBytes(32).toString('hex');
      const { pid, end } = await startInImage(t, root, commandOf('ENTRYPOINT'), { ...env, API_KEYS: key });
      await succeeding(async () => {
        if (runInImage(pid, commandOf('HEALTHCHECK'), env) !== 0) throw new Error('it is not healthy');
      });
      t.equal(
        runInImage(pid, commandOf('HEALTHCHECK'), { ...env, PORT: '1' }),
        1,
        'nothing answers at another port',
      );
      const reply = await fetch(`http://127.0.0.1:${port}/api/v1/keys/generate`, {
        method: 'POST',
        headers: { 'X-API-Key': key },
      });
      t.equal(reply.status, 200);

      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      t.match(status, /^Uid:\s+65532\s+65532\s+65532\s+65532$/m);
      t.match(status, /^CapEff:\s+0{16}$/m);
      const write = (path: string) => `require('node:fs').writeFileSync(${JSON.stringify(path)}, '')`;
      const node = (program: string) => runInImage(pid, ['/usr/local/bin/node', '-e', program], env);
      t.equal(node(''), 0);
      for (const path of ['/app/new', '/tmp/new', '/new'])
        t.equal(node(write(path)), 1, `${path} cannot be written`);
      t.equal(
        node('process.exit(require("node:child_process").spawnSync("sh").status ?? 7)'),
        7,
        'there is no shell',
      );

      process.kill(pid, 'SIGTERM');
      t.equal(await end, 0);
    },
  );

  await t.test('it has authorities in a volume, and the commands of an operator', async (t) => {
    const port = await freePort();
    const key = randomBytes(32).toString('hex');
    writeFileSync(join(root, 'etc/sealing.key'), randomBytes(32));
    const env = {
      ...ENVIRONMENT,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      SHUTDOWN_DELAY: '0',
      API_KEYS: key,
      DATA_DIR: DATA,
      KEY_ENCRYPTION_KEY_FILE: '/etc/sealing.key',
    };
    const { pid, end } = await startInImage(t, root, commandOf('ENTRYPOINT'), env, DATA);
    await succeeding(async () => {
      if (runInImage(pid, commandOf('HEALTHCHECK'), env) !== 0) throw new Error('it is not healthy');
    });
    const script = (name: string, ...args: readonly string[]) =>
      runInImage(pid, ['/usr/local/bin/node', `dist/${name}.js`, ...args], env);
    t.equal(await issueFrom(port, key), 404, 'there is no authority yet');
    t.equal(script('ca', 'init'), 0);
    t.equal(await issueFrom(port, key), 201);
    t.equal(script('rekey'), 0);
    t.equal(script('audit-checkpoint'), 0);
    t.equal(script('audit-verify'), 0);
    t.equal(script('backup', '--to', `${DATA}/copy.db`), 0);
    t.equal(script('backup', '--to', '/app/copy.db'), 1, 'the rest is read-only');
    process.kill(pid, 'SIGTERM');
    t.equal(await end, 0);
  });

  await t.test('without a volume the store cannot be used, and the service starts', async (t) => {
    const port = await freePort();
    const key = randomBytes(32).toString('hex');
    const env = { ...ENVIRONMENT, PORT: String(port), LOG_LEVEL: 'silent', API_KEYS: key, DATA_DIR: DATA };
    const { pid } = await startInImage(t, root, commandOf('ENTRYPOINT'), env);
    await succeeding(async () => {
      if (runInImage(pid, commandOf('HEALTHCHECK'), env) !== 0) throw new Error('it is not healthy');
    });
    t.equal(await issueFrom(port, key), 503);
  });
});
