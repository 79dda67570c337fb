/** The service as a separate process. */

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import { ROOT } from '../../src/base/root.ts';
import { inBundle } from './bundle.ts';
import { startProgram } from './children.ts';

export { ROOT };
/** Starts the service from the sources. */
export const START_SOURCES = join(ROOT, 'bin/start.js');
/** Starts the service: from the bundle of `npm test`, or from the sources. */
export const START = process.env.SERVICE_START ?? START_SOURCES;

/** The path of a program of this tree, from the root: in the bundle of `npm test` if that has it, or in the sources. */
export const programFile = (path: string): string => inBundle(path) ?? join(ROOT, path);

/** With neither a store nor the documentation, a service starts in two thirds of the time. */
export const WITHOUT_STORE = {
  NODE_ENV: 'test',
  DOCS_ENABLED: 'false',
  PORT: '0',
  // A test that waits for something asks often on a slow machine.
  RATE_LIMIT_PER_HOUR: '1000',
  RATE_LIMIT_GENERATE_PER_MINUTE: '100',
};
/** With a store in the working directory, as for a developer. */
export const WITH_STORE = { ...WITHOUT_STORE, NODE_ENV: 'development' };

/** Adds the route /health/hung to the started service. Its handler never replies. */
export const HUNG_ROUTE = `data:text/javascript,import { subscribe } from 'node:diagnostics_channel';
  subscribe('fastify.initialization', ({ fastify }) => {
    fastify.addHook('onRoute', function ({ method, url }) {
      if (method === 'GET' && url === '/health') this.get('/hung', () => new Promise(() => {}));
    });
  });`;

export interface Run {
  readonly stdin: { write(line: string): unknown };
  readonly pid: number | undefined;
  readonly kill: (signal: NodeJS.Signals) => boolean;
  /** Resolves with the first line of its log that contains these words. */
  readonly logged: (words: string) => Promise<string>;
  /** Returns all lines of its log so far that contain these words. */
  readonly lines: (words: string) => readonly string[];
  /** Resolves with the line that contains its address. */
  readonly listening: Promise<string>;
  /** Resolves when it has ended. */
  readonly end: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Where Node.js keeps compiled modules, if this test has such a folder (scripts/test.ts). */
const { NODE_COMPILE_CACHE } = process.env;
export const COMPILE_CACHE: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

/** Arguments of env(1) for a process that has only these variables. Through NODE_OPTIONS, tap would load its modules into it. */
export const onlyWith = (env: Readonly<Record<string, string>>): readonly string[] => [
  '-i',
  ...Object.entries({ ...COMPILE_CACHE, ...env }).map(([name, value]) => `${name}=${value}`),
];

/** A working directory, so that services share no `.env` and no store. It is removed after the process has ended. */
export function emptyFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'service-'));
  t.teardown(() => rmSync(folder, { recursive: true, maxRetries: 5 }));
  return folder;
}

/** Runs Node.js in an empty folder, or in a folder with `.env`. The environment has only the given variables. */
export function run(
  t: Test,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { node = process.execPath, dotenv = undefined as string | undefined } = {},
): Run {
  const cwd = emptyFolder(t);
  if (dotenv !== undefined) writeFileSync(join(cwd, '.env'), dotenv);
  const child = startProgram(t, '/usr/bin/env', [...onlyWith(env), node, ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { logged, lines } = logOf(child.stdout);
  const end = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return {
    stdin: child.stdin,
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    logged,
    lines,
    listening: logged('listens on'),
    end,
  };
}

function logOf(stream: Readable): Pick<Run, 'logged' | 'lines'> {
  let output = '';
  stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const lines: Run['lines'] = (words) => output.split('\n').filter((line) => line.includes(words));
  const logged: Run['logged'] = async (words) => {
    for (;;) {
      const [line] = lines(words);
      if (line !== undefined) return line;
      await once(stream, 'data');
    }
  };
  return { logged, lines };
}

/** Returns the running child processes of a process (Linux). */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/**
 * Whether a process runs (Linux). A process that has ended, but whose parent has not read its exit code, does not run.
 */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const addressIn = (line: string): string => /https?:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? '';

export interface Restarted {
  /** Resolves with the next line of the log that contains these words. */
  readonly line: (words: string) => Promise<{ readonly pid: number; readonly msg: string }>;
  /** Starts the second process. */
  readonly resume: () => void;
  readonly code: Promise<number | null>;
}

/** As systemd starts a service with a socket: the socket is descriptor 3, and stays open when the process ends. */
const START_TWICE = `
  /bin/sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$1"' "$0" "$1" || exit
  echo '{"msg":"no process runs"}'
  read line
  exec /bin/sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$1"' "$0" "$1"`;

/** Starts the service on a socket. After its end, `resume` starts it again. */
export function startTwice(t: Test, listener: Server, env: Readonly<Record<string, string>> = {}): Restarted {
  const { fd } = Reflect.get(listener, '_handle');
  const command = [...onlyWith(env), '/bin/sh', '-c', START_TWICE, process.execPath, START];
  const child = startProgram(t, '/usr/bin/env', command, {
    cwd: emptyFolder(t),
    stdio: ['pipe', 'pipe', 'inherit', fd],
  });
  const { stdin, stdout } = child;
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const line = async (words: string): ReturnType<Restarted['line']> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`it ended before it said: ${words}`);
    return value.includes(words) ? JSON.parse(value) : line(words);
  };
  const code = once(child, 'exit').then(([code]) => code);
  return { line, resume: () => void stdin.write('\n'), code };
}
