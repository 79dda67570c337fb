import { Gauge, type Registry } from '@prometheus-io/client';

export interface ReadGauge {
  readonly name: string;
  readonly help: string;
  /** Asked at each scrape. */
  readonly read: () => number;
  /** What counts where several processes are scraped as one; the sum unless given. */
  readonly aggregator?: 'max' | 'min';
}

/** Adds a gauge whose value is not kept but read. */
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
