import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '../..');

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
}

const readJson = async (name: string) => JSON.parse(await readFile(join(ROOT, name), 'utf8'));
const manifest: { [kind: string]: Record<string, string> } = await readJson('package.json');
const lock: { packages: Record<string, LockedPackage> } = await readJson('package-lock.json');
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];

const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

/** The packages that the service imports at run time. */
async function importedPackages(): Promise<Set<string>> {
  const packages = new Set<string>();
  for await (const file of glob('{src,plugins,routes,service}/**/*.ts', { cwd: ROOT })) {
    const source = await readFile(join(ROOT, file), 'utf8');
    for (const [, module = ''] of source.matchAll(/(?:\bfrom |^import |\bimport\()'([^'.\n][^'\n]*)'/gm)) {
      if (!module.startsWith('node:')) packages.add(packageOf(module));
    }
  }
  return packages;
}

t.test('every dependency is imported, and every imported package is a dependency', async (t) => {
  t.same([...(await importedPackages())].toSorted(), Object.keys(manifest.dependencies ?? {}).toSorted());
});

t.test('the versions of direct dependencies are exact', async (t) => {
  for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies']) {
    for (const [name, version] of Object.entries(manifest[kind] ?? {}))
      t.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});

t.test('overrides install nothing twice, and no binaries that no test needs', async (t) => {
  const { typescript = '' } = manifest.devDependencies ?? {};
  t.match(manifest.overrides, { typescript, '@typescript/native-preview': `npm:typescript@${typescript}` });
  const compilers = locked.filter(([path]) => path.endsWith('node_modules/typescript'));
  t.same(
    compilers.map(([, { version }]) => version),
    [typescript],
    'the lockfile has one TypeScript, the one of package.json',
  );
  for (const name of ['recheck-jar', 'recheck-linux-x64'])
    t.same(lock.packages[`node_modules/${name}`]?.os, ['win32'], `${name} is not installed on Linux`);
});

t.test(
  'the lockfile identifies a package by its hash, not by its registry, and its install scripts do not run',
  async (t) => {
    const without = locked.filter(([, { integrity }]) => integrity === undefined);
    const placed = locked.filter(([, { resolved }]) => resolved !== undefined);
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    t.same([...without, ...placed, ...scripted], []);
  },
);

t.test('the lockfile has the binaries of the tools for every platform', async (t) => {
  for (const family of [
    '@oxlint/binding',
    '@oxlint-tsgolint/',
    '@typescript/typescript',
    '@rolldown/binding',
  ]) {
    const binaries = locked.filter(([path]) => path.startsWith(`node_modules/${family}`));
    const platforms = new Set(
      binaries.map(([, { os = [], cpu = [] }]) => `${[os].flat()[0]}-${[cpu].flat()[0]}`),
    );
    t.same(
      PLATFORMS.filter((platform) => !platforms.has(platform)),
      [],
      family,
    );
  }
});

t.test('npm ci installs a suitable Node.js on a Linux machine with an older one', async (t) => {
  for (const cpu of ['x64', 'arm64']) {
    const node = lock.packages[`node_modules/node-linux-${cpu}`];
    t.match(node, { os: 'linux', cpu, optional: true, version: /^24\./ });
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  t.ok(major > 24 || (major === 24 && minor >= 12), `npm scripts run Node ${process.versions.node}`);
});
