/** One measurement: the floor of a request, and the service under load, each for a short time. */

import type { BareFigure } from './bare.ts';
import { runScript } from './child.ts';
import type { LimitFigure } from './limit.ts';
import type { LoadFigure } from './load.ts';
import { requestIn, type Scenario } from './scenarios.ts';
import { replyTo, type Service } from './service.ts';

export interface Conditions {
  readonly engine: string;
  readonly connections: number;
  /** Milliseconds of each measurement. */
  readonly duration: number;
}

export interface Figure {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time per request in milliseconds, of the service. */
  readonly processor: number;
  /**
   * The least processor time that a request can take here, in milliseconds: its cryptography, and a bare Fastify that
   * reads the same request and sends as many octets.
   */
  readonly floor: number;
  /** Milliseconds, the 99th percentile. */
  readonly eventLoopDelay: number;
  /** Resident, in MB. */
  readonly memory: number;
}

export async function measure(service: Service, scenario: Scenario, given: Conditions): Promise<Figure> {
  const floor = (await cryptography(scenario, given)) + (await bareFastify(service, scenario, given));
  const before = await service.metrics();
  const load = await loadFor(service, scenario, given.connections, given.duration);
  const after = await service.metrics();
  if (load.refusals > 0) throw new Error(`${load.refusals} of ${load.answers} requests were rejected`);
  const read = (name: string): number => after.get(name) ?? Number.NaN;
  const used = read('process_cpu_seconds_total') - (before.get('process_cpu_seconds_total') ?? 0);
  return {
    perSecond: load.answers / load.seconds,
    p50: load.p50,
    p99: load.p99,
    processor: (used / load.answers) * 1000,
    floor,
    eventLoopDelay: read('nodejs_eventloop_delay_p99_seconds') * 1000,
    memory: read('process_resident_memory_bytes') / 1e6,
  };
}

/** Sends requests to the service for `milliseconds`. */
export const loadFor = (
  { port }: Service,
  scenario: Pick<Scenario, 'route' | 'body'>,
  connections: number,
  milliseconds: number,
): Promise<LoadFigure> =>
  runScript<LoadFigure>('load.ts', {
    input: { port, connections, milliseconds, request: requestIn(scenario) },
  });

/** Processor time of the operations of a request, in milliseconds. */
async function cryptography({ level, needs }: Scenario, { engine, duration }: Conditions): Promise<number> {
  if (needs.length === 0) return 0;
  const args = [engine, level, needs.join(','), String(duration / 2)];
  const environment = { UV_THREADPOOL_SIZE: '1' };
  const { processorSeconds, rounds } = await runScript<LimitFigure>('limit.ts', { args, environment });
  return (processorSeconds / rounds) * 1000;
}

/** The same for the transport. */
async function bareFastify(
  service: Service,
  scenario: Scenario,
  { connections, duration }: Conditions,
): Promise<number> {
  const { length } = Buffer.from(await replyTo(service, scenario.route, scenario.body));
  const input = { connections, milliseconds: duration, request: requestIn(scenario), length };
  return (await runScript<BareFigure>('bare.ts', { input })).processor;
}
