/** The stored authorities, as a decorator of each request. Without a store every use of them is refused. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Authorities } from '../src/authorities/authorities.ts';
import type { AuthorityDomain } from '../src/authorities/compose.ts';
import { ANONYMOUS, type Caller } from '../src/authorities/context.ts';
import type { KeyFault } from '../src/authorities/open-authorities.ts';
import type { Profiles } from '../src/authorities/profiles.ts';
import { storeNotConfigured } from '../src/authorities/refusals.ts';
import type { StoreFault } from '../src/storage/ports.ts';
import type { CheckResult } from './readiness.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The stored authorities; undefined in a service without a store. */
    readonly authorityDomain: AuthorityDomain | undefined;
  }

  interface FastifyRequest {
    /** Acts on behalf of the caller. Throws PkiError store-unavailable in a service without a store. */
    readonly authorities: Authorities;
    /** The same for profiles. */
    readonly profiles: Profiles;
    readonly caller: Caller;
  }
}

export interface AuthoritiesOptions {
  /** Opens the store; undefined in a service without one. Each key that cannot be used is passed to `report`. */
  readonly open?: ((report: (fault: KeyFault) => void) => Promise<AuthorityDomain | undefined>) | undefined;
}

export const authorities = fp<AuthoritiesOptions>(
  async (app, { open }) => {
    const domain = await open?.(({ message, ...ids }) => app.log.error(ids, message));
    app.decorate('authorityDomain', domain);
    app.decorateRequest('authorities', {
      getter(this: FastifyRequest) {
        if (domain === undefined) throw storeNotConfigured();
        return domain.authorities(this.caller.principal, ...app.issuanceObservers(this));
      },
    });
    app.decorateRequest('profiles', {
      getter(this: FastifyRequest) {
        if (domain === undefined) throw storeNotConfigured();
        return domain.profiles(this.caller.principal, ...app.issuanceObservers(this));
      },
    });
    app.decorateRequest('caller', {
      getter(this: FastifyRequest) {
        return callerOf(this);
      },
    });
    if (domain !== undefined) watch(app, domain);
  },
  { name: 'authorities', dependencies: ['auth', 'domain', 'readiness'] },
);

/** In a service without authentication there is one caller, to whom everything belongs. */
const callerOf = (request: FastifyRequest): Caller => {
  const { principal } = request;
  return {
    principal: principal?.id ?? ANONYMOUS,
    readsAll:
      principal === undefined || principal.scopes.has('certs:read:all') || principal.scopes.has('admin'),
    requireCaScope: () => request.requireScope('certs:issue:ca'),
  };
};

/** In milliseconds. */
const INTERVAL = 5000;

const STORE_FAULTS: Readonly<Record<StoreFault, string>> = {
  connection: 'the store cannot be reached',
  writing: 'the store cannot be written',
};

/** Checks the store now and then, and reports once what an earlier process left. */
function watch(app: FastifyInstance, domain: AuthorityDomain): void {
  let fault: StoreFault | undefined;
  let hasReported = false;
  let timer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    fault = await domain.store.fault();
    if (fault === undefined) await prepare();
  }

  /** Again and again, so that a key that was repaired is found. */
  async function prepare(): Promise<void> {
    if (!hasReported || domain.keyFaults().length > 0) await domain.warmUp();
    if (hasReported) return;
    hasReported = true;
    await reportLeft(app, domain);
  }

  async function checkAgain(): Promise<void> {
    await checkQuietly(app, check);
    timer = setTimeout(() => void checkAgain(), INTERVAL).unref();
  }

  app.readiness.add('store', () => fault && STORE_FAULTS[fault]);
  app.readiness.add('authority-keys', () => keyState(domain));
  app.addHook('onReady', checkAgain);
  app.addHook('onClose', async () => {
    clearTimeout(timer);
    await domain.close();
  });
}

/**
 * A key that does not open in one process opens in no other, so the service stays ready for its other authorities. If no key
 * opens, the sealing key of this process is probably wrong, and another process may have the right one.
 */
function keyState(domain: AuthorityDomain): CheckResult {
  if (domain.keyFaults().length === 0) return undefined;
  if (!domain.hasOpenKeys()) return 'no private key of an authority can be used';
  return { degraded: 'the private key of an authority cannot be used' };
}

/** The store can fail between two calls; the next check finds that. */
async function checkQuietly({ log }: FastifyInstance, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    log.error({ err: error }, 'the check of the store failed');
  }
}

async function reportLeft({ log }: FastifyInstance, domain: AuthorityDomain): Promise<void> {
  const left = await domain.leftReservations();
  if (left.length === 0) return;
  const reservations = left.slice(0, 10).map(({ id, authorityId, serial, requestedAt }) => ({
    id,
    authority: authorityId,
    serial: Buffer.from(serial).toString('hex').toUpperCase(),
    requestedAt,
  }));
  log.warn(
    { count: left.length, reservations },
    'serial numbers are reserved for certificates that were not stored: a process ended while it issued, or another one issues now',
  );
}
