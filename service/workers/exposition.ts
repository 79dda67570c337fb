/** One set of measurements of all workers, in which no counter falls because a worker ends. */

import { Registry, type MetricObjectWithValues, type MetricValue } from '@prometheus-io/client';

/** What one process has measured. */
export type Snapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** A process whose measurements are asked for. */
export interface Measured {
  readonly snapshot: () => Promise<Snapshot>;
}

export interface Exposition {
  /** In the text format of Prometheus. A process that does not answer counts with what it said last. */
  text(): Promise<string>;
  /** The last that a process says before it ends. */
  remember(process: Measured, snapshot: Snapshot): void;
  /** What a process has counted stays; what it held, such as memory, goes. */
  end(process: Measured): void;
}

/** `own` are the measurements of this process, `processes` those that run. */
export function createExposition(own: Registry, processes: () => Iterable<Measured>): Exposition {
  const last = new Map<Measured, Snapshot>();
  let ended: readonly object[] = [];

  async function ask(process: Measured): Promise<void> {
    try {
      last.set(process, await process.snapshot());
    } catch {
      // What it said last stands.
    }
  }

  return {
    async text() {
      const running = [...processes()];
      await Promise.all(running.map(ask));
      const snapshots = running.map((process) => last.get(process) ?? []);
      return Registry.aggregate([...snapshots, ended, await own.getMetricsAsJSON()]).metrics();
    },
    remember(process, snapshot) {
      last.set(process, snapshot);
    },
    end(process) {
      const snapshot = last.get(process) ?? [];
      last.delete(process);
      const counts = snapshot.filter(({ type }) => type === 'counter' || type === 'histogram');
      ended = Registry.aggregate([ended, counts]).getMetricsAsArray();
    },
  };
}
