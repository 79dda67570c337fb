/** The programs that read private keys here, and whether each of them reads a file. */

import { spawnSync } from 'node:child_process';
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import { PASSWORD, type Algorithm, type KeyFile } from './forms.ts';

export interface Program {
  /** Name and version without the last number, such as `OpenSSL 3.5`. */
  readonly name: string;
  /** Whether it reads each file; undefined for a form that it has no function for. */
  reads(files: readonly KeyFile[]): readonly (boolean | undefined)[];
}

/** Returns the programs that are installed. */
export const installedPrograms = (): readonly Program[] => [...opensslPrograms(), node(), ...javaPrograms()];

const outputOf = (program: string, ...words: readonly string[]): string => {
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}`;
};

const OPENSSL = [
  process.env['OPENSSL_35'],
  findProgram('openssl'),
  '/usr/bin/openssl',
  join(import.meta.dirname, '../../.ci/bin/openssl'),
];

function opensslPrograms(): readonly Program[] {
  const found = OPENSSL.filter((path) => path !== undefined && existsSync(path)).map(
    (path): [string, Program] => {
      const name = /^OpenSSL \d+\.\d+/.exec(outputOf(path ?? '', 'version'))?.[0] ?? '';
      return [name, { name, reads: (files) => files.map((file) => opensslReads(path ?? '', file)) }];
    },
  );
  return [...new Map(found.filter(([name]) => name !== '')).values()];
}

/** `openssl pkey` reads every form but PKCS #12, and no JWK. */
function opensslReads(program: string, { form, octets }: KeyFile): boolean | undefined {
  if (form.choice.form === 'jwk') return undefined;
  const password = ['-passin', `pass:${PASSWORD}`];
  const words =
    form.choice.form === 'pkcs12'
      ? ['pkcs12', '-nocerts', '-nodes', ...password]
      : ['pkey', '-inform', 'DER', '-noout', ...password];
  return inFolder((folder) => {
    writeFileSync(join(folder, 'key'), octets);
    return spawnSync(program, [...words, '-in', 'key'], { cwd: folder }).status === 0;
  });
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'interoperability-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const node = (): Program => ({
  name: `Node.js ${process.versions.node.split('.')[0]}`,
  reads: (files) => files.map(nodeReads),
});

const NODE_TYPES = { pkcs8: 'pkcs8', 'encrypted-pkcs8': 'pkcs8', pkcs1: 'pkcs1', sec1: 'sec1' } as const;

/** `createPrivateKey` of node:crypto. It has no function for PKCS #12. */
function nodeReads({ form, octets }: KeyFile): boolean | undefined {
  const { form: name } = form.choice;
  if (name === 'pkcs12' || name === 'raw') return undefined;
  try {
    const key = Buffer.from(octets);
    if (name === 'jwk') createPrivateKey({ key: JSON.parse(key.toString()) as JsonWebKey, format: 'jwk' });
    else createPrivateKey({ key, format: 'der', type: NODE_TYPES[name], passphrase: PASSWORD });
    return true;
  } catch {
    return false;
  }
}

/** Java of the PATH, of JAVA_HOME, and where Debian and others install it. */
const JAVA_HOMES = [
  process.env['JAVA_HOME'],
  ...['17', '21', '25', '26'].flatMap((version) => [
    `/usr/lib/jvm/java-${version}-openjdk-amd64`,
    `/usr/lib/jvm/temurin-${version}-jdk-amd64`,
  ]),
];

function javaPrograms(): readonly Program[] {
  const paths = [findProgram('java'), ...JAVA_HOMES.map((home) => home && join(home, 'bin/java'))];
  const found = paths
    .filter((path) => path !== undefined && hasCompiler(path))
    .map((path): [string, Program] => {
      const version = /version "(\d+)/.exec(outputOf(path ?? '', '-version'))?.[1] ?? '';
      return [version, { name: `Java ${version}`, reads: (files) => javaReads(path ?? '', files) }];
    });
  return [...new Map(found.filter(([version]) => version !== '')).values()];
}

/** Java runs a source file only where its compiler is installed. */
const hasCompiler = (java: string): boolean =>
  existsSync(java) && existsSync(join(realpathSync(java), '../javac'));

const JAVA_NAMES: Readonly<Record<Algorithm, string>> = {
  'ml-dsa-65': 'ML-DSA',
  'ecdsa-p256': 'EC',
  'rsa-2048': 'RSA',
  ed25519: 'Ed25519',
};

const JAVA_FORMS: ReadonlySet<string> = new Set(['pkcs8', 'encrypted-pkcs8', 'pkcs12']);

/** One process for all files, because it takes a second to start. */
function javaReads(program: string, files: readonly KeyFile[]): readonly (boolean | undefined)[] {
  return inFolder((folder) => {
    const words = files.flatMap(({ algorithm, form, octets }, index) => {
      const path = join(folder, String(index));
      writeFileSync(path, octets);
      return [JAVA_NAMES[algorithm], form.choice.form, PASSWORD, path];
    });
    const lines = outputOf(program, join(import.meta.dirname, 'Reader.java'), ...words)
      .trim()
      .split('\n');
    return files.map(({ form }, index) =>
      JAVA_FORMS.has(form.choice.form) ? lines[index] === 'true' : undefined,
    );
  });
}
