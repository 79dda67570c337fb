/** Who had what issued: lines of the log that LOG_LEVEL does not thin out, though `silent` silences them. */

import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { NO_REDACTION, type LogDestination } from '../log/options.ts';
import { addReadGauge } from '../metrics/read-gauge.ts';
import { auditedIssuer, type RequestIssuer } from './audited-issuer.ts';
import { NOT_REQUIRED, requireRecords, type RecordKeeping } from './record-keeping.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The issuer, on behalf of whoever sent this request. */
    readonly issuer: RequestIssuer;
  }
}

export interface AuditOptions {
  /** What the log is written to. With AUDIT_REQUIRED it must be able to tell what is written. */
  readonly destination?: LogDestination | undefined;
}

export const audit = fp<AuditOptions>(
  async (app, { destination }) => {
    const level = app.config.LOG_LEVEL === 'silent' ? 'silent' : 'info';
    const log = app.log.child({ log: 'audit' }, { ...NO_REDACTION, level });
    const keeping = app.config.AUDIT_REQUIRED ? keepRecords(app, log, destination) : NOT_REQUIRED;
    addReadGauge(app.metrics.registry, {
      name: 'audit_failing',
      help: '1 while AUDIT_REQUIRED holds back what is issued, since the log takes no lines.',
      aggregator: 'max',
      read: () => Number(keeping.isFailing),
    });
    app.decorateRequest('issuer', {
      getter(this: FastifyRequest) {
        const who = { request: this.id, principal: this.principal?.id, client: this.ip };
        return auditedIssuer(app.issuer, app.keys, {
          ensureWritable: () => keeping.ensureWritable(),
          write: (record) => log.info({ ...who, ...record }, 'audit'),
          ensureWritten: () => keeping.ensureWritten(),
        });
      },
    });
  },
  { name: 'audit', dependencies: ['auth', 'config', 'crypto', 'metrics', 'readiness'] },
);

function keepRecords(
  app: FastifyInstance,
  log: FastifyBaseLogger,
  destination?: LogDestination,
): RecordKeeping {
  const written = destination?.written?.bind(destination);
  if (written === undefined) throw new Error('AUDIT_REQUIRED needs a log that can tell what is written');
  const keeping = requireRecords(written, () => log.info('nothing is issued unless its record is kept'));
  app.readiness.add('audit', () => (keeping.isFailing ? 'the audit log cannot be written' : undefined));
  app.addHook('onReady', () => keeping.probe());
  app.addHook('onClose', async () => keeping.close());
  return keeping;
}
