/** The primary process: it starts the workers and holds what they share. It serves no request and holds no private key. */

import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { fastify, type FastifyBaseLogger } from 'fastify';
import { Counter } from '@prometheus-io/client';
import { openLog } from '../../plugins/log/open.ts';
import { loggerOptions, type ClosableLog } from '../../plugins/log/options.ts';
import { createMetrics, type Metrics } from '../../plugins/metrics/metrics.ts';
import { measureProcess } from '../../plugins/metrics/process-gauges.ts';
import { addReadGauge } from '../../plugins/metrics/read-gauge.ts';
import type { Config } from '../../src/config/schema.ts';
import { closeGracefully } from '../close-gracefully.ts';
import type { WorkerSettings } from './messages.ts';
import { createExposition } from './exposition.ts';
import { LeaseBook } from './leases/lease-book.ts';
import { followLines } from './log-relay.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { launchWorker, REASONS, type Reason } from './worker-process.ts';

/** Length in bytes, set by Node.js (`tls.Server.setTicketKeys`). */
const TICKET_KEYS_LENGTH = 48;

/**
 * `program` is the file that each worker runs, `socket` the file descriptor of a socket from the service manager, `grace`
 * the milliseconds that a worker may take to end after SHUTDOWN_DELAY. Throws ConfigError.
 */
export async function startPrimary(
  program: string,
  config: Config,
  socket: number | undefined,
  grace: number,
): Promise<void> {
  const metrics = createMetrics();
  const output = await openLog(config, metrics);
  // Only for Fastify's logger, so that all log lines have the same form. This instance never listens.
  const { log } = fastify({ logger: loggerOptions(config, output) });
  setUpCluster(program);
  const supervisor = superviseWorkers({ config, socket, ticketKeys: newTicketKeys() }, metrics, output, log);
  leaveOnSignals(supervisor, output, log, config.SHUTDOWN_DELAY * 1000 + grace);
  const exit = await supervisor.start();
  if (exit === undefined) return;
  // The worker has written the reason to standard error.
  await output.close();
  process.exit(exit.code ?? 1);
}

/** Base64. */
const newTicketKeys = (): string => randomBytes(TICKET_KEYS_LENGTH).toString('base64');

/**
 * The workers accept connections from the socket themselves (SCHED_NONE). The default of Node.js accepts in the primary
 * and passes connections on: it loses those on their way to a worker that ends, and those waiting when the last one ends.
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
  const book = new LeaseBook(() => supervisor.workers);
  const exposition = createExposition(metrics.registry, () => supervisor.workers);
  const supervisor = createSupervisor({
    count: common.config.WEB_CONCURRENCY,
    launch: (announces) =>
      launchWorker({
        settings: { ...common, announces },
        book,
        exposition: () => exposition.text(),
        onFinalMetrics: (worker, snapshot) => exposition.remember(worker, snapshot),
        lines: followLines(output),
      }),
    ended: (worker) => exposition.end(worker),
    replaced: measureWorkers(
      metrics,
      () => [...supervisor.workers].filter(({ isServing }) => isServing).length,
    ),
    // node:cluster closes a passed socket together with the last worker that uses it.
    noneLeft: () => common.socket !== undefined && void endForRestart(output, log),
    log,
  });
  return supervisor;
}

/** The service manager keeps the socket open, so waiting clients are served after the restart. */
async function endForRestart(output: ClosableLog, log: FastifyBaseLogger): Promise<void> {
  log.fatal(
    'no worker is left and the socket from the service manager is closed: the service must be started again',
  );
  await output.close();
  process.exit(1);
}

/** Returns a function that counts a replaced worker. */
function measureWorkers({ registry }: Metrics, alive: () => number): (reason: Reason) => void {
  measureProcess(registry);
  addReadGauge(registry, { name: 'workers_alive', help: 'Workers that accept connections.', read: alive });
  const restarts = new Counter({
    name: 'worker_restarts_total',
    help: 'Workers started to replace one that left, crashed or hung.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of REASONS) restarts.inc({ reason }, 0);
  return (reason) => restarts.inc({ reason });
}

/** Milliseconds that the primary waits longer than a worker may take, so that it sees how each worker ended. */
const MARGIN = 3000;

/** `timeout` is how long a worker may take to end, in milliseconds. */
function leaveOnSignals(
  supervisor: Supervisor,
  output: ClosableLog,
  log: FastifyBaseLogger,
  timeout: number,
): void {
  // No worker outlives this process, unless SIGKILL ends it.
  process.on('exit', () => {
    for (const worker of supervisor.workers) worker.kill();
  });
  const close = closeGracefully(
    { delay: timeout + MARGIN, log, skip: ['beforeExit', 'SIGHUP'] },
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
