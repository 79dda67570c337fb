/** Resources of the process, under the usual names of Prometheus. Read at each scrape. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, type Registry } from '@prometheus-io/client';
import { addReadGauge } from './read-gauge.ts';

/** Returns a function that stops measuring. */
export function measureProcess(registry: Registry): () => void {
  addReadGauge(registry, {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    read: () => process.memoryUsage.rss(),
  });
  addReadGauge(registry, {
    name: 'nodejs_heap_used_bytes',
    help: 'JavaScript heap in use.',
    read: () => process.memoryUsage().heapUsed,
  });
  const start = Date.now() / 1000 - process.uptime();
  addReadGauge(registry, {
    name: 'process_start_time_seconds',
    help: 'Start of the process, seconds since 1970.',
    aggregator: 'min',
    read: () => start,
  });
  countCpu(registry);
  return measureEventLoop(registry);
}

function countCpu(registry: Registry): void {
  let counted = 0;
  const counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    registers: [],
    collect() {
      const { user, system } = process.cpuUsage();
      const seconds = (user + system) / 1e6;
      this.inc(seconds - counted);
      counted = seconds;
    },
  });
  registry.registerMetric(counter);
}

/** In milliseconds: the period of the timer whose delay is measured. */
const RESOLUTION = 10;

function measureEventLoop(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  addReadGauge(registry, {
    name: 'nodejs_eventloop_delay_p99_seconds',
    help: 'Delay of the event loop since the last scrape, 99th percentile.',
    aggregator: 'max',
    read() {
      const nanoseconds = delay.percentile(99);
      delay.reset();
      return Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000);
    },
  });
  return () => delay.disable();
}
