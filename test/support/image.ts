/**
 * The file tree of the image, and processes in it. The commands of the Dockerfile make the tree without a container
 * engine. The processes run as the user of the image, with a read-only file system. The files of the base image come
 * from a Debian 13.
 */

import { spawnSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, machine, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Test } from 'tap';
import { programPath } from '../../scripts/find-program.ts';
import { runProgram } from './children.ts';
import { copiesOf, copyOf, IMAGE, stageNamed, type Copy, type Stage } from './dockerfile.ts';
import { inNamespaces, namespacesMissing, startFirst, type FirstProcess } from './namespaces.ts';
import { ROOT } from './process.ts';
import type { Missing } from './services.ts';

/** The root that `.ci/services` creates, or this machine if it is a Debian 13. */
const DEBIAN = [
  process.env.OPENSSL_ROOT,
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mldsa-ci/debian13'),
  '/',
].find((root) => root !== undefined && /^VERSION_ID="13"$/m.test(osRelease(root)));

function osRelease(root: string): string {
  const path = join(root, 'etc/os-release');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export const imageMissing: Missing =
  namespacesMissing || (DEBIAN === undefined && 'no Debian 13 is at hand; bash .ci/services makes one');

/** The libraries of distroless/cc. */
const LIBRARIES = /^(?:ld-linux-[\w-]+|libc|libdl|libm|libpthread|libgcc_s|libstdc\+\+)\.so\.\d$/;

/** Returns the folder of the tree. */
export async function buildImage(t: Test): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const root = join(folder, 'root');
  bringBase(root);
  for (const copy of copiesOf(IMAGE)) {
    const origin = copy.from === undefined ? ROOT : join(folder, copy.from);
    if (copy.from !== undefined && !existsSync(origin)) await buildStage(t, stageNamed(copy.from), origin);
    copyInto(copy.target.startsWith('/') ? root : join(root, 'app'), copy, origin);
  }
  return root;
}

/** A stage that needs only the image of Node.js and the tree. */
async function buildStage(t: Test, stage: Stage, root: string): Promise<void> {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  const app = join(root, 'app');
  for (const { name, value } of stage) {
    if (name === 'COPY') copyInto(app, copyOf(value), ROOT);
    if (name === 'RUN') await runIn(t, app, value);
  }
}

/** Sources from a stage are absolute paths in it. Sources from the tree are relative paths. */
function copyInto(folder: string, { sources, target, owner }: Copy, origin: string): void {
  for (const source of sources) {
    const named = target.endsWith('/') ? join(target, basename(source)) : target;
    cpSync(join(origin, source), join(folder, named), { recursive: true });
    if (owner !== undefined) chownSync(join(folder, named), ...owner);
  }
}

/** Installs all packages, in any folder. This tree has them. */
const INSTALL_ALL = 'npm ci --ignore-scripts';

/** Runs the command as the stage does, except that npm does not download or install packages again. */
async function runIn(t: Test, cwd: string, command: string): Promise<void> {
  if (command === INSTALL_ALL) return symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  const { code, stderr } = await runProgram(t, '/bin/sh', ['-c', command], {
    cwd,
    env: { ...env, PATH: path, npm_config_prefer_offline: 'true' },
  });
  if (code !== 0) throw new Error(`"${command}" ended with exit code ${code}: ${stderr}`);
}

function bringBase(root: string): void {
  for (const name of ['app', 'proc', 'dev', 'etc', 'tmp']) mkdirSync(join(root, name), { recursive: true });
  for (const device of ['null', 'urandom']) writeFileSync(join(root, 'dev', device), '');
  writeFileSync(join(root, 'etc/passwd'), 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n');
  for (const path of librariesOfNode()) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(DEBIAN ?? '', path), target);
  }
}

/**
 * Returns the paths in Debian of the libraries that this Node.js has loaded. Throws for a library that the base image
 * does not have.
 */
function librariesOfNode(): string[] {
  const report = process.report.getReport() as { readonly sharedObjects: readonly string[] };
  const paths = report.sharedObjects.filter((path) => path.startsWith('/'));
  const strange = paths.filter((path) => !LIBRARIES.test(basename(path)));
  if (strange.length > 0) throw new Error(`the base image has no ${strange.join(', ')}`);
  return paths.map((path) =>
    // Every program contains the path of the loader.
    basename(path).startsWith('ld-') ? path : `usr/lib/${machine()}-linux-gnu/${basename(path)}`,
  );
}

/**
 * Runs a command of the image in the tree, with only the given variables. `volume` is a folder of the image. It becomes
 * an empty volume with the owner of the folder, as Docker makes a named volume.
 */
export const startInImage = (
  t: Test,
  root: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  volume = '',
): Promise<FirstProcess> => {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const user = [
    programPath('unshare'),
    '--root',
    root,
    '--wd',
    '/app',
    '--setuid',
    '65532',
    '--setgid',
    '65532',
  ];
  const args = [root, ...variables, ...user, ...command];
  return startFirst(t, `${inNamespaces()} /bin/sh -euc '${BOOT}' "$0" "$@"`, args, {
    PATH: process.env.PATH,
    VOLUME: volume,
  });
};

/** Runs a command beside a running one. Returns its exit code. */
export function runInImage(
  pid: number,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): number | null {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const place = ['--target', String(pid), '--mount', '--pid', '--root', '--wd'];
  const user = ['--setuid', '65532', '--setgid', '65532'];
  // Through NODE_OPTIONS, tap would load its modules into the process.
  const args = ['-i', ...variables, programPath('nsenter'), ...place, ...user, '--', ...command];
  return spawnSync('/usr/bin/env', args, { stdio: 'ignore' }).status;
}

/** `$0`: the root; then variables and the command, as env(1) has them. */
const BOOT = `
  mount --make-rprivate /
  mount --bind "$0" "$0"
  mount -o remount,ro,bind "$0"
  mount -t proc proc "$0/proc"
  for device in null urandom; do mount --bind "/dev/$device" "$0/dev/$device"; done
  if [ -n "$VOLUME" ]; then
    mount -t tmpfs -o "$(stat --format=uid=%u,gid=%g,mode=%a "$0$VOLUME")" tmpfs "$0$VOLUME"
  fi
  exec env -i PATH="$PATH" "$@"`;
