/** Decides whether the service begins more work. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkQueue } from '../../src/algorithms/cryptography.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Overload } from '../metrics/overload-reason.ts';
import { watchEventLoop } from './event-loop.ts';
import { createSlots } from './slots.ts';

export interface AdmissionOptions {
  readonly queue: WorkQueue;
  readonly metrics: Pick<Metrics, 'shed'>;
  /** The work in progress or waiting, in ML-DSA certificates, from which on more is refused. */
  readonly limit: number;
}

export interface Admission<Holder> {
  /** The work in progress or waiting. */
  depth(): number;
  /** Waits shortly if the service is overloaded. Throws a problem 503 if it still is. */
  wait(): Promise<void>;
  /** Takes slots, once for a holder. Throws a problem 503 if the service is overloaded. */
  take(holder: Holder, cost: number): void;
  giveBack(holder: Holder): void;
  stop(): void;
}

/** How late the event loop may be, in milliseconds. */
const MAX_LATENESS = 1000;

/**
 * How long a request waits for a free slot before it is rejected, in milliseconds. Otherwise clients that retry at once take
 * the time of those that are served: 128 clients got 1,760 certificates a second without the wait, and get 2,630 with it.
 */
const PATIENCE = 50;

export function createAdmission<Holder>({ queue, metrics, limit }: AdmissionOptions): Admission<Holder> {
  const places = createSlots<Holder>();
  const eventLoop = watchEventLoop();

  // A call of the engine can outlive its request, when that reached its deadline.
  const depth = (): number => Math.max(queue.depth, places.taken) + slowPlaces();

  /** Signatures of SLH-DSA keep one core busy, one after the other: by their time, up to half of the places. */
  const slowPlaces = (): number => Math.floor((Math.min(queue.slowLoad, 1) * limit) / 2);

  function refuseIfOverloaded(): void {
    const reason = reasonToRefuse();
    if (reason === undefined) return;
    metrics.shed.inc({ reason });
    throw new ProblemError(OVERLOADED);
  }

  /** With an empty queue the next request is admitted, so that the service makes progress whatever blocks the event loop. */
  function reasonToRefuse(): Overload | undefined {
    if (depth() === 0) return undefined;
    if (depth() >= limit) return 'queue';
    return eventLoop.lateness() > MAX_LATENESS ? 'event-loop' : undefined;
  }

  return {
    depth,
    async wait() {
      if (reasonToRefuse() === undefined) return;
      await sleep(PATIENCE);
      refuseIfOverloaded();
    },
    take(holder, cost) {
      refuseIfOverloaded();
      places.take(holder, cost);
    },
    giveBack: (holder) => places.giveBack(holder),
    stop: () => eventLoop.stop(),
  };
}

/** The queue is processed in about a second. */
const OVERLOADED = {
  code: 'overloaded',
  detail: 'The service is overloaded; try again in a few seconds',
  headers: { 'Retry-After': '2' },
} as const;
