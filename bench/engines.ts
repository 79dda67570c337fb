/**
 * What a key and a signature cost by each engine that is here, in rounds that take turns, 16 in flight; medians.
 *
 *   node bench/engines.ts [rounds]
 *
 * Processor time is that of all threads, "of the loop" the part that the event loop spends; both hold on a busy machine.
 */

import { unavailableReason, createEngine, ENGINE_NAMES } from '../src/algorithms/ml-dsa/engines.ts';
import type { Engine } from '../src/algorithms/ml-dsa/engine.ts';
import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../src/algorithms/ml-dsa/parameter-sets.ts';
import { createNoblePool } from '../src/algorithms/ml-dsa/noble-pool.ts';

const IN_FLIGHT = 16;
/** Of processor time, in microseconds: long enough for the clock of a thread, short enough to take turns. */
const ROUND = 400_000;
const MESSAGE = new Uint8Array(3000);

interface Round {
  readonly perSecond: number;
  /** In microseconds of the processor, for one. */
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

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

const rounds = Number(process.argv[2] ?? 9);
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
      'of the loop': Math.round(of(list, 'loop')),
    })),
  );
}
await pool.close();
