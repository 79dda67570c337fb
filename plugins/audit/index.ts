/** The audit log: who had what issued. LOG_LEVEL does not filter these lines, except that `silent` silences them. */

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { NO_REDACTION, type LogDestination } from '../log/options.ts';
import { addReadGauge } from '../metrics/read-gauge.ts';
import { auditObserver } from './observer.ts';
import { NOT_REQUIRED, requireRecords, type RecordKeeping } from './record-keeping.ts';

export interface AuditOptions {
  /** Where the log is written. AUDIT_REQUIRED needs one that reports when a line is written. */
  readonly destination?: LogDestination | undefined;
}

export const audit = fp<AuditOptions>(
  async (app, { destination }) => {
    const level = app.config.LOG_LEVEL === 'silent' ? 'silent' : 'info';
    const log = app.log.child({ log: 'audit' }, { ...NO_REDACTION, level });
    const keeping = app.config.AUDIT_REQUIRED ? keepRecords(app, log, destination) : NOT_REQUIRED;
    addReadGauge(app.metrics.registry, {
      name: 'audit_failing',
      help: '1 while AUDIT_REQUIRED stops issuing because the log cannot be written.',
      aggregator: 'max',
      read: () => Number(keeping.isFailing),
    });
    app.observeIssuance(({ id, principal, ip }) => {
      const caller = { request: id, principal: principal?.id, client: ip };
      return auditObserver(keeping, (record) => log.info({ ...caller, ...record }, 'audit'));
    });
  },
  { name: 'audit', dependencies: ['auth', 'config', 'domain', 'metrics', 'readiness'] },
);

function keepRecords(
  app: FastifyInstance,
  log: FastifyBaseLogger,
  destination?: LogDestination,
): RecordKeeping {
  const written = destination?.written?.bind(destination);
  if (written === undefined)
    throw new Error('AUDIT_REQUIRED needs a log that reports when a line is written');
  const keeping = requireRecords(written, () => log.info('nothing is issued unless its record is written'));
  app.readiness.add('audit', () => (keeping.isFailing ? 'the audit log cannot be written' : undefined));
  app.addHook('onReady', () => keeping.probe());
  app.addHook('onClose', async () => keeping.close());
  return keeping;
}
