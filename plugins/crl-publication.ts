/** Publishes the CRLs of the stored authorities now and then, and keeps those that are published in memory. */

import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { PkiError } from '../src/base/errors.ts';
import type { AuthorityDomain } from '../src/authorities/compose.ts';
import { findCrl } from '../src/revocation/crl/last-crl.ts';
import { PublishedCrls } from '../src/revocation/crl/published-crls.ts';
import { CrlPublisher } from '../src/revocation/crl/publisher.ts';
import { refuseRevoked } from '../src/revocation/own-revocations.ts';
import { PublishedIssuers } from '../src/revocation/published-issuers.ts';
import type { Certificate } from '../src/x509/certificate.ts';
import { throttleErrors } from './log/throttle.ts';
import { secondsAhead, type CrlMetrics } from './metrics/crl-metrics.ts';
import { addReadGauge } from './metrics/read-gauge.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What relying parties read without authentication; undefined in a service without a store. */
    readonly publication: Publications | undefined;
  }
}

export interface Publications {
  readonly crls: PublishedCrls;
  readonly issuers: PublishedIssuers;
  readonly publisher: CrlPublisher;
  /** As `crls.find`; and the last CRL of a key whose certificate has ended, however old it is. */
  findCrl(name: string): ReturnType<PublishedCrls['find']>;
  now(): Date;
  /** Throws PkiError for a certificate of a stored authority that is revoked. */
  refuseRevoked(certificate: Certificate): Promise<void>;
}

export const crlPublication = fp(
  async (app) => {
    const { authorityDomain } = app;
    if (authorityDomain === undefined) {
      app.decorate('publication', undefined);
      return;
    }
    const publication = createPublication(app, authorityDomain);
    app.decorate('publication', publication);
    publishInTime(app, publication);
  },
  { name: 'crl-publication', dependencies: ['authorities', 'domain', 'metrics', 'readiness'] },
);

function createPublication(app: FastifyInstance, { context }: AuthorityDomain): Publications {
  const { config, metrics, log } = app;
  const { store, clock, opened } = context;
  const crls = new PublishedCrls({ store, clock, onFault: (error) => reportStore(app, error) });
  addReadGauge(metrics.registry, {
    name: 'crl_store_unavailable',
    help: 'Whether CRLs are served from memory alone, because the store cannot be used.',
    aggregator: 'max',
    read: () => (crls.isFaulty ? 1 : 0),
  });
  const publisher = new CrlPublisher({
    store,
    clock,
    opened,
    periods: { delay: config.CRL_DELAY * 1000, validity: config.CRL_VALIDITY * 1000 },
    observer: observed(metrics.crl, {
      published(crl) {
        crls.forget();
        log.info({ key: crl.authorityKeyId, number: crl.number, entries: crl.entries }, 'CRL published');
      },
      failed: throttleErrors((error) => log.error({ err: error }, 'a CRL cannot be published')),
      checked: reportAhead(app),
    }),
  });
  const issuers = new PublishedIssuers(store);
  return {
    crls,
    issuers,
    publisher,
    findCrl: (name) => findCrl({ crls, issuers, clock }, name),
    now: clock,
    refuseRevoked: (certificate) => refuseRevoked({ crls, issuers }, certificate),
  };
}

type Reports = Pick<CrlMetrics, 'failed' | 'checked'> & {
  readonly published: (crl: Parameters<CrlMetrics['published']>[0]) => void;
};

const observed = (metrics: CrlMetrics, reports: Reports): CrlMetrics => ({
  ...metrics,
  published(crl, size) {
    metrics.published(crl, size);
    reports.published(crl);
  },
  failed(error) {
    metrics.failed(error);
    reports.failed(error);
  },
  checked(crls, now) {
    metrics.checked(crls, now);
    reports.checked(crls, now);
  },
});

/** A clock that is corrected by less than this is nothing to report. In seconds. */
const TOLERANCE = 60;

/** Reports once that thisUpdate of a CRL is in the future, and when it no longer is. */
function reportAhead({ log }: FastifyInstance): CrlMetrics['checked'] {
  let isAhead = false;
  return (crls, now) => {
    const seconds = secondsAhead(crls, now);
    const before = isAhead;
    isAhead = seconds > TOLERANCE;
    if (isAhead && !before)
      log.warn({ seconds }, 'the clock was ahead: thisUpdate of a CRL stays in the future until then');
    if (before && !isAhead) log.info('thisUpdate of every CRL is in the past again');
  };
}

function reportStore({ log }: FastifyInstance, error: unknown): void {
  if (error === undefined) log.info('CRLs are read from the store again');
  else log.error({ err: error }, 'CRLs are served from memory, because the store cannot be used');
}

/** Operations after which a CRL can be due. */
const CHANGES = /^(?:authority|certificate)\/(?:create|import|import-certificate|rotate|revoke|release)$/;

/** Every process looks; the lease decides which one publishes. */
function publishInTime(app: FastifyInstance, { publisher }: Publications): void {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    try {
      await publisher.run();
    } catch (error) {
      // The plugin authorities reports a store that cannot be used
      if (!(error instanceof PkiError)) app.log.error({ err: error }, 'CRLs cannot be published');
    }
    wait(app.config.CRL_DELAY * 500);
  }

  function wait(milliseconds: number): void {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => void run(), milliseconds).unref();
  }

  app.observeIssuance(() => ({
    end({ operation, outcome }) {
      if (outcome === 'success' && CHANGES.test(operation)) wait(0);
    },
  }));
  app.addHook('onReady', async () => wait(0));
  app.addHook('onClose', async () => {
    isClosed = true;
    clearTimeout(timer);
    await publisher.close();
  });
}
