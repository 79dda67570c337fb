/**
 * Runs the `bash` blocks of README.md, or of another document, from top to bottom, as a reader pastes them: in one folder that is empty at first,
 * against the service that the block with `npm start` starts. CONTRIBUTING.md has the rules for blocks.
 * The last line is `N passed, N failed, N not run`. The exit code is 1 if a block failed or none passed.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptions } from './command-line.ts';
import { findProgram, programPath } from './find-program.ts';
import { readBlocks, type Block } from './readme-blocks.ts';

const USAGE = `node scripts/readme-commands.ts [FILE]
  Runs the bash blocks of README.md in the working directory, or those of FILE, and prints the result of each.
  PORT  the port of the service; default: 8000, or a free one

Example:
  node scripts/readme-commands.ts docs/recipes.md
`;

const README = 'README.md';
/** The commands find the Node.js that runs this script. */
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
const DOCUMENTED_PORT = 8000;
const BLOCK_LIMIT_MS = 120_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

interface Program {
  readonly ended: Promise<Ended>;
  /** Sends a signal to the process group of the program. */
  kill(signal: NodeJS.Signals): void;
}

function start(commands: string, options: SpawnOptions): Program {
  const child: ChildProcess = spawn(programPath('bash'), ['-euo', 'pipefail', '-c', commands], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output: output.join('') }));
  });
  return { ended, kill: (signal) => signalGroup(child, signal) };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Returns how the program ended. It gets SIGKILL after `limit` milliseconds. */
async function endWithin(program: Program, limit: number): Promise<Ended> {
  const timer = setTimeout(() => program.kill('SIGKILL'), limit);
  try {
    return await program.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves to a free port: `preferred`, or another one if that is in use. */
function freePort(preferred: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', () => (preferred === 0 ? reject(new Error('no free port')) : resolve(freePort(0))));
    server.listen(preferred, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : preferred));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return reply.ok;
  } catch {
    return false;
  }
}

/** Waits until the service is healthy. Rejects with its output if it ends, or is not healthy in time. */
async function healthy(service: Program, port: number): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  let last: Ended | undefined;
  void service.ended.then((ended) => (last = ended));
  while (!(await answers(`http://127.0.0.1:${port}/health`))) {
    if (Date.now() > deadline) service.kill('SIGKILL');
    if (last !== undefined) throw new Error(`npm start was never healthy\n${last.output}`);
    await sleep(100);
  }
}

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');

interface Run {
  readonly document: string;
  /** The working directory of the blocks, empty at first. */
  readonly folder: string;
  readonly port: number;
  service: Program | undefined;
}

/** Replaces the port of the README with that of this run. */
const onPort = (commands: string, port: number): string =>
  commands.replaceAll(`:${DOCUMENTED_PORT}`, `:${port}`);

async function startService(run: Run): Promise<void> {
  if (run.service !== undefined) throw new Error(`${run.document} starts the service twice`);
  run.service = start('npm start', {
    env: { ...process.env, PORT: String(run.port), DATA_DIR: join(run.folder, 'data') },
  });
  await healthy(run.service, run.port);
}

/** Runs one block. Rejects with its output if it fails. */
async function runBlock(block: Block, run: Run): Promise<void> {
  if (block.kind === 'start') return startService(run);
  const program = start(onPort(block.commands, run.port), { cwd: run.folder, env: { ...process.env, PATH } });
  const { code, signal, output } = await endWithin(program, BLOCK_LIMIT_MS);
  if (code !== 0) throw new Error(`ended with ${code ?? signal}\n${output}`);
}

function whyNot({ notRun, kind, needs }: Block): string | undefined {
  const missing = needs.find((name) => findProgram(name) === undefined);
  if (missing !== undefined) return `needs ${missing}`;
  return notRun ?? (kind === 'test' ? 'the tests are a step of their own' : undefined);
}

type Result = 'passed' | 'failed' | 'not run';

async function check(block: Block, run: Run): Promise<Result> {
  const place = `${run.document}:${block.line} ${block.commands.split('\n')[0]}`;
  const reason = whyNot(block);
  if (reason !== undefined) {
    console.log(`not run ${place}\n    ${reason}`);
    return 'not run';
  }
  try {
    await runBlock(block, run);
    console.log(`ok ${place}`);
    return 'passed';
  } catch (error) {
    console.log(`not ok ${place}\n${indented(error instanceof Error ? error.message : String(error))}`);
    return 'failed';
  }
}

/** Ends the service with SIGTERM. Returns false if it did not end in time. */
async function stopService(service: Program): Promise<boolean> {
  service.kill('SIGTERM');
  const { signal } = await endWithin(service, STOP_LIMIT_MS);
  return signal !== 'SIGKILL';
}

async function main(): Promise<void> {
  const [document = README] = readOptions(USAGE, {}, true).positionals;
  const blocks = readBlocks(await readFile(document, 'utf8'));
  const port = await freePort(Number(process.env.PORT ?? DOCUMENTED_PORT));
  const run: Run = { document, folder: await mkdtemp(join(tmpdir(), 'readme-')), port, service: undefined };
  const totals = { passed: 0, failed: 0, 'not run': 0 };
  try {
    for (const block of blocks) totals[await check(block, run)] += 1;
  } finally {
    if (run.service !== undefined && !(await stopService(run.service))) {
      console.log('not ok: the service did not end on SIGTERM');
      totals.failed += 1;
    }
    await rm(run.folder, { recursive: true });
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals['not run']} not run`);
  process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

await main();
