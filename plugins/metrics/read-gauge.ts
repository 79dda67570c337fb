import { Gauge, type Registry } from '@prometheus-io/client';

export interface ReadGauge {
  readonly name: string;
  readonly help: string;
  /** Called at each scrape. */
  readonly read: () => number;
  /** How the values of several processes are combined; the sum unless given. */
  readonly aggregator?: 'max' | 'min';
}

/** Adds a gauge that reads its value at each scrape. */
export function addReadGauge(registry: Registry, { name, help, read, aggregator }: ReadGauge): void {
  const gauge = new Gauge({
    name,
    help,
    aggregator,
    registers: [],
    collect() {
      this.set(read());
    },
  });
  registry.registerMetric(gauge);
}
