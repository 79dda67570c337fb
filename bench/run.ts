/**
 * `npm run bench`: measures the service against the floor that its cryptography and a bare Fastify set, on the cores of this
 * machine. Every figure is the median of rounds. The rounds of a scenario follow each other: in turns with nine others most
 * scenarios took 1.2 to 1.7 times as much (docs/decisions/2026-11-29-performance.md).
 */

import { availableParallelism, cpus } from 'node:os';
import { bundle, DIST } from '../scripts/bundle.ts';
import { readOptions } from '../scripts/command-line.ts';
import { runScript } from './child.ts';
import type { EventLoopFigure } from './event-loop.ts';
import { loadFor, measure, type Figure } from './measure.ts';
import type { Part } from './parts.ts';
import { scenarios, scenariosOfNames, type Scenario } from './scenarios.ts';
import { measureStart, startService, type StartFigure } from './service.ts';

const USAGE = `npm run bench -- [OPTIONS]
  Bundles the service into dist/ and measures it against the floor (docs/performance.md). It takes some minutes.
  --engine        native, node or noble; default: node
  --workers       WEB_CONCURRENCY; default: 1
  --cores         cores of this machine that are used; default: all
  --connections   numbers of connections; default: 1,16,64
  --rounds        rounds whose median is printed; default: 3
  --milliseconds  duration of a measurement; default: 2000
  --warm          milliseconds of load before it: Node.js optimizes during the first 10,000 requests; default: 8000
  --only          only scenarios whose route and level contain this text
  --names         certificates with these numbers of names, such as 1,100, instead of the scenarios
  --parts         measures the parts of a request too

It prints a row of Markdown for each of these routes and each ML-DSA parameter set:
  certificate/generate, hybrid, inspect and verify; keys/generate and convert; csr/generate and sign; identify; lint
Requests that need a store have scripts of their own: bench/stored.ts (authorities), bench/ocsp.ts, bench/crl.ts.

The example measures the rows of docs/performance.md.

Example:
  npm run bench -- --engine native --only ml-dsa-65 --connections 16
`;

const { values: options } = readOptions(USAGE, {
  rounds: { type: 'string', default: '3' },
  milliseconds: { type: 'string', default: '2000' },
  warm: { type: 'string', default: '8000' },
  connections: { type: 'string', default: '1,16,64' },
  engine: { type: 'string', default: 'node' },
  workers: { type: 'string', default: '1' },
  cores: { type: 'string', default: String(availableParallelism()) },
  only: { type: 'string', default: '' },
  names: { type: 'string' },
  parts: { type: 'boolean', default: false },
});

const cores = Number(options.cores);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The median of each member. */
function medianFigure(figures: readonly Figure[]) {
  const of = (read: (figure: Figure) => number): number => median(figures.map(read));
  return {
    perSecond: of((figure) => figure.perSecond),
    p50: of((figure) => figure.p50),
    p99: of((figure) => figure.p99),
    processor: of((figure) => figure.processor),
    floor: of((figure) => figure.floor),
    ratio: of((figure) => figure.processor / figure.floor),
    eventLoopDelay: of((figure) => figure.eventLoopDelay),
    memory: of((figure) => figure.memory),
  };
}

const HEAD = `| request | level | connections | a second | processor ms | floor ms | ÷ floor | p50 ms | p99 ms | event loop p99 ms | memory MB |
|---|---|---|---|---|---|---|---|---|---|---|`;

const titleOf = ({ route, remark }: Scenario): string =>
  remark === undefined ? route : `${route}, ${remark}`;

function rowOf(scenario: Scenario, connections: number, figures: readonly Figure[]): string {
  const figure = medianFigure(figures);
  const cells = [
    titleOf(scenario),
    scenario.level,
    connections,
    Math.round(figure.perSecond),
    figure.processor.toFixed(2),
    figure.floor.toFixed(2),
    figure.ratio.toFixed(2),
    figure.p50.toFixed(1),
    figure.p99.toFixed(1),
    figure.eventLoopDelay.toFixed(1),
    Math.round(figure.memory),
  ];
  return `| ${cells.join(' | ')} |`;
}

const numbers = (list: string): number[] => list.split(',').map(Number);

async function printParts(): Promise<void> {
  const parts = await runScript<Part[]>('parts.ts', {});
  const { service, bare } = await runScript<EventLoopFigure>('event-loop.ts', {});
  console.log('\n| part of a certificate of ML-DSA-65 | µs |\n|---|---|');
  for (const { part, microseconds } of parts) console.log(`| ${part} | ${microseconds.toFixed(1)} |`);
  console.log(
    `| the event loop for a request, with an engine that computes nothing | ${Math.round(service)} |`,
  );
  console.log(
    `| the event loop for a request of a bare Fastify with a reply of the same length | ${Math.round(bare)} |`,
  );
}

async function printStart(environment: Readonly<Record<string, string>>): Promise<void> {
  const figures: StartFigure[] = [];
  for (let i = 0; i < STARTS; i++) figures.push(await measureStart(environment, cores));
  const of = (name: keyof StartFigure): number => median(figures.map((figure) => figure[name]));
  console.log(
    `Ready ${Math.round(of('ready'))} ms after the start; the first request took ${of('first').toFixed(1)} ms, the tenth ${of('tenth').toFixed(1)} ms`,
  );
}

const STARTS = 9;

const environment = { CRYPTO_ENGINE: options.engine, WEB_CONCURRENCY: options.workers };
await bundle(DIST);
console.log(`${cores} cores of ${cpus()[0]?.model}, Node.js ${process.version}, engine ${options.engine}`);
await printStart(environment);
const service = await startService(environment, cores);
try {
  const all =
    options.names === undefined ? await scenarios(service) : scenariosOfNames(numbers(options.names));
  const selected = all.filter((scenario) => `${titleOf(scenario)} ${scenario.level}`.includes(options.only));
  console.log(`\n${HEAD}`);
  for (const scenario of selected) {
    await loadFor(service, scenario, 16, Number(options.warm));
    for (const connections of numbers(options.connections)) {
      const figures: Figure[] = [];
      for (let round = 0; round < Number(options.rounds); round++) {
        const duration = Number(options.milliseconds);
        figures.push(await measure(service, scenario, { engine: options.engine, connections, duration }));
      }
      console.log(rowOf(scenario, connections, figures));
    }
  }
} finally {
  await service.stop();
}
if (options.parts) await printParts();
