/** One measurement: first the limit, then the service under load, each for a short time. */

import { runScript } from './child.ts';
import type { LimitFigure, Operation } from './limit.ts';
import type { LoadFigure } from './load.ts';
import type { Scenario } from './scenarios.ts';
import type { Service } from './service.ts';

export interface Conditions {
  readonly engine: string;
  /** Cores, and processes of the limit. */
  readonly cores: number;
  readonly connections: number;
  /** Milliseconds of each measurement. */
  readonly duration: number;
}

export interface Figure {
  readonly perSecond: number;
  /** The limit for the operations that the request needs. */
  readonly limit: number;
  /** The same with a verification of the signature, which the service does for each certificate. */
  readonly limitWithCheck: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time per request in milliseconds: of the service, and of the load generator. */
  readonly processor: number;
  readonly generator: number;
  /** Milliseconds, the 99th percentile. */
  readonly eventLoopDelay: number;
  /** Resident, in MB. */
  readonly memory: number;
}

export async function measure(service: Service, scenario: Scenario, given: Conditions): Promise<Figure> {
  const limit = await limitOf(scenario, scenario.needs, given);
  const signs = scenario.needs.includes('sign');
  const limitWithCheck = signs ? await limitOf(scenario, [...scenario.needs, 'verify'], given) : limit;
  const before = await service.metrics();
  const load = await loadFor(service, scenario, given.connections, given.duration);
  const after = await service.metrics();
  if (load.refusals > 0) throw new Error(`${load.refusals} of ${load.answers} requests were rejected`);
  const read = (name: string): number => after.get(name) ?? Number.NaN;
  const used = read('process_cpu_seconds_total') - (before.get('process_cpu_seconds_total') ?? 0);
  return {
    perSecond: load.answers / load.seconds,
    limit,
    limitWithCheck,
    p50: load.p50,
    p99: load.p99,
    processor: (used / load.answers) * 1000,
    generator: (load.processorSeconds / load.answers) * 1000,
    eventLoopDelay: read('nodejs_eventloop_delay_p99_seconds') * 1000,
    memory: read('process_resident_memory_bytes') / 1e6,
  };
}

/** Sends requests to the service for `milliseconds`. */
export const loadFor = (
  { port }: Service,
  { request }: Scenario,
  connections: number,
  milliseconds: number,
): Promise<LoadFigure> =>
  runScript<LoadFigure>('load.ts', { input: { port, connections, milliseconds, request } });

/** How often per second all cores together do these operations. */
async function limitOf(
  { level }: Scenario,
  operations: readonly Operation[],
  { engine, cores, duration }: Conditions,
): Promise<number> {
  const args = [engine, level, operations.join(','), String(duration / 2)];
  const figures = await Promise.all(
    Array.from({ length: cores }, () =>
      runScript<LimitFigure>('limit.ts', { args, cores, environment: { UV_THREADPOOL_SIZE: '1' } }),
    ),
  );
  return figures.reduce((sum, { rounds, seconds }) => sum + rounds / seconds, 0);
}
