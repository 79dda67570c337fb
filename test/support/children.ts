/** Programs that a test starts: their processes end with the test, even if the test is killed. */

import { spawn, type ChildProcess, type ChildProcessByStdio, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import { programPath } from '../../scripts/find-program.ts';

type Stdio = 'pipe' | 'ignore' | 'inherit' | number;
type Pipe<Kind extends Stdio, Stream> = Kind extends 'pipe' ? Stream : null;

/**
 * As `spawn`, for a program with an absolute path. It leads a new process group. The whole group is killed when `t`
 * ends, and when the process of the test ends in any way: tap kills a slow test with SIGKILL.
 */
export function startProgram<const I extends Stdio, const O extends Stdio, const E extends Stdio>(
  t: Test,
  program: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'detached' | 'stdio'> & { readonly stdio: readonly [I, O, E, ...number[]] },
): ChildProcessByStdio<Pipe<I, Writable>, Pipe<O, Readable>, Pipe<E, Readable>> {
  if (!isAbsolute(program)) throw new Error(`"${program}" is not an absolute path`);
  const { stdio, ...others } = options;
  // First, so that only a moment is left between the start of the program and its guard.
  startGuard();
  const child = spawn(program, args, { ...others, stdio: [...stdio], detached: true });
  if (child.pid !== undefined) endWith(t, child, child.pid);
  return child as ChildProcessByStdio<Pipe<I, Writable>, Pipe<O, Readable>, Pipe<E, Readable>>;
}

function endWith(t: Test, child: ChildProcess, group: number): void {
  guard(group);
  // The number may belong to another group once this group is empty.
  child.once('exit', () => isEmpty(group) && release(group));
  t.teardown(async () => {
    if (guarded.has(group)) killGroup(group);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    release(group);
  });
}

/** Reads a pipe whose other end this process holds, and kills the groups that are left when this process has ended. */
const GUARD = `groups=' '
while read -r change group; do
  case $change in
    guard) groups="$groups$group " ;;
    release) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -9 "-$group"; done`;

/** One for all programs, because the start of a process from a large one is slow. */
let pipe: Writable | undefined;

function startGuard(): Writable {
  pipe ??= guardPipe();
  return pipe;
}

const guarded = new Set<number>();

function guard(group: number): void {
  guarded.add(group);
  startGuard().write(`guard ${group}\n`);
}

function release(group: number): void {
  if (guarded.delete(group)) pipe?.write(`release ${group}\n`);
}

function guardPipe(): Writable {
  const child = spawn('/bin/sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  return child.stdin;
}

const isEmpty = (group: number): boolean => !signalGroup(group, 0);

const killGroup = (group: number): void => void signalGroup(group, 'SIGKILL');

/** False if no process is in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Place = Pick<SpawnOptions, 'cwd' | 'env' | 'timeout'>;

/** Runs a program to its end, for at most `timeout` milliseconds. */
export async function runProgram(
  t: Test,
  program: string,
  args: readonly string[],
  place: Place = {},
): Promise<Ended> {
  const child = startProgram(t, program, args, {
    killSignal: 'SIGKILL',
    ...place,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [text(child.stdout), text(child.stderr)] as const;
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), ...output]);
  return { code, stdout, stderr };
}

/** Runs lines as pasted into bash. Returns their output. Throws Error if one of them fails. */
export async function paste(t: Test, lines: string, place: Place): Promise<string> {
  const { code, stdout, stderr } = await runProgram(t, programPath('bash'), ['-euc', lines], place);
  if (code !== 0) throw new Error(`The lines ended with exit code ${code}: ${stderr}`);
  return stdout + stderr;
}
