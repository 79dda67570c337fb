/**
 * `node bench/stored.ts`: measures issuing by a stored authority against the stateless `certificate/generate`. Both make a
 * key and a certificate of the same names. The two take turns, so that other load on the machine affects them alike.
 */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, DIST } from '../scripts/bundle.ts';
import { readOptions } from '../scripts/command-line.ts';
import { loadFor } from './measure.ts';
import { NAMED, type Scenario } from './scenarios.ts';
import { startService, type Service } from './service.ts';

const USAGE = `node bench/stored.ts [OPTIONS]
  Bundles the service into dist/, makes a root and an intermediate in a new store, and measures both ways to issue.
  --engine        native, node or noble; default: native
  --url           database of PostgreSQL, which must be empty; default: a new file of SQLite
  --connections   default: 16
  --rounds        rounds whose median is printed; default: 5
  --milliseconds  duration of a measurement; default: 3000
  --warm          milliseconds of load before it; default: 12000

Example:
  node bench/stored.ts --engine node --connections 64
`;

const { values: options } = readOptions(USAGE, {
  engine: { type: 'string', default: 'native' },
  url: { type: 'string' },
  connections: { type: 'string', default: '16' },
  rounds: { type: 'string', default: '5' },
  milliseconds: { type: 'string', default: '3000' },
  warm: { type: 'string', default: '12000' },
});

const scenario = (route: string): Scenario => ({
  route,
  level: 'ml-dsa-65',
  body: NAMED,
  needs: ['keygen', 'sign', 'verify'],
});
const SCENARIOS = [scenario('/certificate/generate'), scenario('/authorities/issuing-1/certificates')];

interface Figure {
  readonly perSecond: number;
  /** Milliseconds of processor time for a certificate, without the load generator. */
  readonly processor: number;
  readonly p50: number;
  readonly p99: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stored-bench-'));
  try {
    await measureAll(await environmentIn(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** With a root and an intermediate in the store. */
async function environmentIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const sealingKey = join(folder, 'sealing-key');
  await writeFile(sealingKey, randomBytes(32).toString('hex'), { mode: 0o600 });
  const environment = {
    CRYPTO_ENGINE: options.engine,
    KEY_ENCRYPTION_KEY_FILE: sealingKey,
    ...(options.url === undefined ? { DATA_DIR: join(folder, 'data') } : { DATABASE_URL: options.url }),
  };
  await bundle(DIST);
  execFileSync(process.execPath, [join(DIST, 'ca.js'), 'init'], { env: { ...process.env, ...environment } });
  return environment;
}

async function measureAll(environment: Readonly<Record<string, string>>): Promise<void> {
  const service = await startService(environment, availableParallelism());
  const rounds = SCENARIOS.map((): Figure[] => []);
  try {
    for (const each of SCENARIOS) await measure(service, each, Number(options.warm));
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const [index, each] of SCENARIOS.entries())
        rounds[index]?.push(await measure(service, each, Number(options.milliseconds)));
  } finally {
    await service.stop();
  }
  print(rounds);
}

async function measure(service: Service, each: Scenario, milliseconds: number): Promise<Figure> {
  const before = await processorSeconds(service);
  const load = await loadFor(service, each, Number(options.connections), milliseconds);
  if (load.refusals > 0) throw new Error(`${load.refusals} of ${load.answers} requests were rejected`);
  return {
    perSecond: load.answers / load.seconds,
    processor: (((await processorSeconds(service)) - before) / load.answers) * 1000,
    p50: load.p50,
    p99: load.p99,
  };
}

const processorSeconds = async (service: Service): Promise<number> =>
  (await service.metrics()).get('process_cpu_seconds_total') ?? Number.NaN;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function print(rounds: readonly (readonly Figure[])[]): void {
  for (const [index, figures] of rounds.entries()) {
    const of = (member: keyof Figure): number => median(figures.map((figure) => figure[member]));
    console.log(
      `${SCENARIOS[index]?.route}: ${of('perSecond').toFixed(0)}/s, ${of('processor').toFixed(2)} ms of processor time, ` +
        `p50 ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms`,
    );
  }
  const [stateless = [], stored = []] = rounds;
  const ratio = (member: 'perSecond' | 'processor'): number[] =>
    stored.map((figure, round) => figure[member] / (stateless[round]?.[member] ?? Number.NaN));
  console.log(
    `stored ÷ stateless: ${median(ratio('perSecond')).toFixed(2)}; of processor time ${median(ratio('processor')).toFixed(2)}`,
  );
}

await main();
