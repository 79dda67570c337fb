/** Measures a key generation with a signature for each available engine, in alternating rounds. Prints medians. */

import { unavailableReason, createEngine, ENGINE_NAMES } from '../src/algorithms/ml-dsa/engines.ts';
import type { Engine } from '../src/algorithms/ml-dsa/engine.ts';
import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../src/algorithms/ml-dsa/parameter-sets.ts';
import { orExit, readOptions } from '../scripts/command-line.ts';
import { createNoblePool } from '../src/algorithms/ml-dsa/noble-pool.ts';

const USAGE = `node bench/engines.ts [ROUNDS]
  Measures a key generation with a signature for each available engine, 16 at a time. Prints medians of ROUNDS
  alternating rounds; default: 9. "processor µs" is the time of all threads, "event loop µs" that of the event loop.
  Both are valid on a busy machine too.

Example:
  node bench/engines.ts 15
`;

const IN_FLIGHT = 16;
/** Processor time of a round in microseconds: long enough for the clock of a thread, short enough to alternate. */
const ROUND = 400_000;
const MESSAGE = new Uint8Array(3000);

interface Round {
  readonly perSecond: number;
  /** Processor time per operation, in microseconds. */
  readonly all: number;
  readonly loop: number;
}

async function certify(engine: Engine, level: MlDsaParameterSetName): Promise<void> {
  const key = await engine.generateKey(level);
  await engine.sign(key, MESSAGE);
  key.destroy();
}

const total = ({ user, system }: NodeJS.CpuUsage): number => user + system;

async function round(engine: Engine, level: MlDsaParameterSetName): Promise<Round> {
  const start = performance.now();
  const [all, loop] = [process.cpuUsage(), process.threadCpuUsage()];
  let made = 0;
  const work = async (): Promise<void> => {
    for (; total(process.cpuUsage(all)) < ROUND; made += 1) await certify(engine, level);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return {
    perSecond: (made * 1000) / (performance.now() - start),
    all: total(process.cpuUsage(all)) / made,
    loop: total(process.threadCpuUsage(loop)) / made,
  };
}

function readRounds([text = '9', ...others]: readonly string[]): number {
  if (/^[1-9]\d*$/.test(text) && others.length === 0) return Number(text);
  throw new Error('ROUNDS must be a whole number of at least 1');
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

const { positionals } = readOptions(USAGE, {}, true);
const rounds = orExit(USAGE, () => readRounds(positionals));
const pool = createNoblePool();
const names = ENGINE_NAMES.filter((name) => unavailableReason(name) === undefined);
const engines = await Promise.all(names.map((name) => createEngine(name, pool)));
for (const level of ML_DSA_PARAMETER_SETS) {
  const results = new Map<Engine, Round[]>(engines.map((engine) => [engine, []]));
  for (let i = 0; i < rounds; i += 1)
    for (const [engine, list] of results) list.push(await round(engine, level));
  const of = (list: readonly Round[], member: keyof Round) => median(list.map((round) => round[member]));
  console.table(
    [...results].map(([{ name }, list]) => ({
      level,
      engine: name,
      'a second': Math.round(of(list, 'perSecond')),
      'processor µs': Math.round(of(list, 'all')),
      'event loop µs': Math.round(of(list, 'loop')),
    })),
  );
}
await pool.close();
