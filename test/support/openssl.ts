/**
 * OpenSSL 3.5 or later, the independent implementation: the program that OPENSSL_35 names, the one on the PATH, or the
 * one in the Debian 13 root of `.ci/run` (OPENSSL_ROOT). The import chooses one of them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { findProgram } from '../../scripts/find-program.ts';
import { missing, type Missing } from './services.ts';

const CANDIDATES = [
  findProgram(process.env.OPENSSL_35 ?? 'openssl'),
  findProgram('openssl'),
  join(import.meta.dirname, '../../.ci/bin/openssl'),
];

function knowsMlDsa(program: string): boolean {
  const { status, stdout } = spawnSync(program, ['version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = /^OpenSSL (\d+)\.(\d+)/.exec(stdout ?? '')?.map(Number) ?? [];
  return status === 0 && (major > 3 || (major === 3 && minor >= 5));
}

const found = CANDIDATES.filter((path) => path !== undefined).find(knowsMlDsa);

export const opensslMissing: Missing = found === undefined && missing('no OpenSSL 3.5 or later is at hand');

/** For `spawn`, to start a program that runs longer than a call, such as `s_server`. */
export const opensslProgram: string = found ?? '';

export interface OpensslOptions {
  /** The standard input of the program. */
  readonly input?: Uint8Array | string;
  /** The files of its working directory, by name. */
  readonly files?: Record<string, Uint8Array | string>;
}

export interface OpensslResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs OpenSSL in a new directory with `files`. Does not throw for an exit code, because the exit code is a result. */
export async function openssl(args: readonly string[], options: OpensslOptions = {}): Promise<OpensslResult> {
  const directory = await mkdtemp(join(tmpdir(), 'openssl-'));
  try {
    const files = Object.entries(options.files ?? {});
    await Promise.all(files.map(([name, content]) => writeFile(join(directory, name), content)));
    return await run(args, directory, options.input ?? '');
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function run(args: readonly string[], cwd: string, input: Uint8Array | string): Promise<OpensslResult> {
  const child = spawn(opensslProgram, args, { cwd });
  const code = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // A program that ends without reading its input closes the pipe. Its exit code shows the reason.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, exit] = await Promise.all([buffer(child.stdout), text(child.stderr), code]);
  return { code: exit, stdout, stderr };
}
