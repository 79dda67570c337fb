/** The metrics of all workers as one set. No counter falls when a worker ends. */

import { Registry, type MetricObjectWithValues, type MetricValue } from '@prometheus-io/client';

/** The metrics of one process. */
export type Snapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** A process that can be asked for its metrics. */
export interface Measured {
  readonly snapshot: () => Promise<Snapshot>;
}

export interface Exposition {
  /** Returns the text format of Prometheus. A process that does not respond counts with its last snapshot. */
  text(): Promise<string>;
  /** Stores the last snapshot that a process sends before it ends. */
  remember(process: Measured, snapshot: Snapshot): void;
  /** Keeps the counters and histograms of a process that has ended. Its gauges, such as memory, are removed. */
  end(process: Measured): void;
}

/** `own` has the metrics of this process; `processes` returns the running workers. */
export function createExposition(own: Registry, processes: () => Iterable<Measured>): Exposition {
  const last = new Map<Measured, Snapshot>();
  let ended: readonly object[] = [];

  async function update(process: Measured): Promise<void> {
    try {
      last.set(process, await process.snapshot());
    } catch {
      // The last snapshot remains.
    }
  }

  return {
    async text() {
      const running = [...processes()];
      await Promise.all(running.map(update));
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
