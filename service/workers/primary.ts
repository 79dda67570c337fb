/** The process above the workers: it serves nothing and holds no key, but what they have in common. */

import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import closeWithGrace from 'close-with-grace';
import { fastify, type FastifyBaseLogger } from 'fastify';
import { Counter } from '@prometheus-io/client';
import { createMemoryStore } from '../../plugins/limits/memory-store.ts';
import { openLog } from '../../plugins/log/open.ts';
import { loggerOptions, type ClosableLog } from '../../plugins/log/options.ts';
import { createMetrics, type Metrics } from '../../plugins/metrics/metrics.ts';
import { measureProcess } from '../../plugins/metrics/process-gauges.ts';
import { addReadGauge } from '../../plugins/metrics/read-gauge.ts';
import type { Config } from '../../src/config/schema.ts';
import type { WorkerSettings } from './messages.ts';
import { createExposition } from './exposition.ts';
import { followLines } from './log-relay.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { launchWorker, REASONS, type Reason } from './worker-process.ts';

/** Octets of the keys of TLS session tickets, as Node.js asks for. */
const TICKET_KEYS = 48;

/**
 * `program` is what each worker runs, `socket` the descriptor of one that was passed. `grace` is how long a worker may
 * take to end after SHUTDOWN_DELAY, in milliseconds. Throws ConfigError.
 */
export async function startPrimary(
  program: string,
  config: Config,
  socket: number | undefined,
  grace: number,
): Promise<void> {
  const metrics = createMetrics();
  const output = await openLog(config, metrics);
  // Fastify's logger, so that all lines of the log are alike; nothing listens here.
  const { log } = fastify({ logger: loggerOptions(config, output) });
  setUpCluster(program);
  const supervisor = superviseWorkers({ config, socket, ticketKeys: newTicketKeys() }, metrics, output, log);
  leaveOnSignals(supervisor, output, log, config.SHUTDOWN_DELAY * 1000 + grace);
  const ending = await supervisor.start();
  if (ending === undefined) return;
  // It has said why on standard error.
  await output.close();
  process.exit(ending.code ?? 1);
}

/** Base64. */
const newTicketKeys = (): string => randomBytes(TICKET_KEYS).toString('base64');

/**
 * The workers accept from the socket itself. What Node.js does by default, accepting here and passing connections on,
 * loses those that are on their way to a worker that ends, and those that wait when the last one does.
 */
function setUpCluster(program: string): void {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: program, args: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
}

function superviseWorkers(
  common: Omit<WorkerSettings, 'announces'>,
  metrics: Metrics,
  output: ClosableLog,
  log: FastifyBaseLogger,
): Supervisor {
  const counts = createMemoryStore();
  const exposition = createExposition(metrics.registry, () => supervisor.workers);
  const supervisor = createSupervisor({
    count: common.config.WEB_CONCURRENCY,
    launch: (announces) =>
      launchWorker({
        orders: { ...common, announces },
        answers: {
          count: ({ act, key, window }) => counts[act](key, window),
          exposition: () => exposition.text(),
        },
        saidFarewell: (worker, snapshot) => exposition.remember(worker, snapshot),
        lines: followLines(output),
      }),
    ended: (worker) => exposition.end(worker),
    replaced: measureWorkers(
      metrics,
      () => [...supervisor.workers].filter(({ isServing }) => isServing).length,
    ),
    // node:cluster closes a socket with the last worker that has it.
    noneLeft: () => common.socket !== undefined && void endForRestart(output, log),
    log,
  });
  return supervisor;
}

/** The service manager holds the socket, and with it whoever waits to be served. */
async function endForRestart(output: ClosableLog, log: FastifyBaseLogger): Promise<void> {
  log.fatal(
    'no worker is left that has the socket that was passed: the service manager must start the service again',
  );
  await output.close();
  process.exit(1);
}

/** Answers what counts a worker that takes the place of another. */
function measureWorkers({ registry }: Metrics, alive: () => number): (reason: Reason) => void {
  measureProcess(registry);
  addReadGauge(registry, { name: 'workers_alive', help: 'Workers that take connections.', read: alive });
  const restarts = new Counter({
    name: 'worker_restarts_total',
    help: 'Workers that took the place of one that had left, crashed or hung.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of REASONS) restarts.inc({ reason }, 0);
  return (reason) => restarts.inc({ reason });
}

/** How much longer than a worker the primary waits, in milliseconds, so that it sees how each ended. */
const MARGIN = 3000;

/** `patience` is how long a worker may take to leave, in milliseconds. */
function leaveOnSignals(
  supervisor: Supervisor,
  output: ClosableLog,
  log: FastifyBaseLogger,
  patience: number,
): void {
  // However this process ends, short of SIGKILL: no worker outlives it.
  process.on('exit', () => {
    for (const worker of supervisor.workers) worker.kill();
  });
  const { close } = closeWithGrace(
    { delay: patience + MARGIN, logger: log, skip: ['beforeExit', 'SIGHUP'] },
    async ({ signal = 'SIGHUP', err }) => {
      if (err) log.fatal({ err }, 'uncaught error: the service stops');
      else log.info(`${signal} received: the service stops`);
      const allLeft = await supervisor.leave();
      await output.close();
      if (!allLeft) process.exit(1);
    },
  );
  process.on('SIGHUP', () => {
    if (supervisor.isReloadable) supervisor.reload();
    else close();
  });
}
