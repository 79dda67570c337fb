/** What was issued and recorded, as decorators of each request, and the checkpoints of the audit chain. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ANONYMOUS } from '../src/authorities/context.ts';
import { storeNotConfigured } from '../src/authorities/refusals.ts';
import type { Clock } from '../src/base/clock.ts';
import { PkiError } from '../src/base/errors.ts';
import { certificateRecords, type CertificateRecords } from '../src/records/certificate-records.ts';
import { makeDueCheckpoint, type CheckpointPorts } from '../src/records/checkpoints.ts';
import type { Reader } from '../src/records/reader.ts';
import type { Store } from '../src/storage/ports.ts';
import { idempotencyKeys } from './idempotency-keys.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What checkpoints of the audit chain need. Throws PkiError store-unavailable in a service without a store. */
    checkpointPorts(): CheckpointPorts & { readonly store: Store };
  }

  interface FastifyRequest {
    /** As far as the caller may see them. Throws PkiError store-unavailable in a service without a store. */
    readonly certificateRecords: CertificateRecords;
  }
}

export const records = fp<{ readonly clock: Clock }>(
  async (app, { clock }) => {
    const ports = (): CheckpointPorts & { readonly store: Store } => {
      const { authorityDomain: domain } = app;
      if (domain === undefined) throw storeNotConfigured();
      const { store, keyStore } = domain;
      return { store, keyStore, clock };
    };
    app.decorate('checkpointPorts', ports);
    app.decorateRequest('certificateRecords', {
      getter(this: FastifyRequest) {
        return certificateRecords(ports().store, clock, readerOf(this));
      },
    });
    if (app.authorityDomain === undefined) return;
    scheduleCheckpoints(app, ports());
    await app.register(idempotencyKeys, { clock });
  },
  { name: 'records', dependencies: ['authorities', 'auth'] },
);

/** In a service without authentication, every caller sees what was issued without authentication. */
const readerOf = ({ principal }: FastifyRequest): Reader => ({
  principal: principal?.id ?? ANONYMOUS,
  readsAll:
    principal !== undefined && (principal.scopes.has('certs:read:all') || principal.scopes.has('admin')),
});

/** How often it is checked whether a checkpoint is due, in milliseconds. */
const INTERVAL = 60_000;

function scheduleCheckpoints(app: FastifyInstance, ports: CheckpointPorts): void {
  let hasFailed = false;
  const timer = setInterval(() => void make(), INTERVAL).unref();

  /** The next check tries again. Only the first of several failures is logged. */
  async function make(): Promise<void> {
    try {
      await makeDueCheckpoint(ports);
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) app.log.error({ err: error }, 'no checkpoint of the audit chain can be made');
      hasFailed = !(error instanceof PkiError && error.code === 'store-unavailable');
    }
  }

  app.addHook('onClose', async () => clearInterval(timer));
}
