/**
 * Publishes CRLs when there is something new in them, and in time before they end. Several replicas share the work: the
 * holder of a lease does it, and the number of a CRL can be used once.
 */

import { randomUUID } from 'node:crypto';
import { withPrecedence } from '../../algorithms/slh-dsa/slow-lane.ts';
import type { CrlSummary, RevocationRevision } from '../../storage/ports.ts';
import type { CrlContext, CrlPeriods } from './context.ts';
import { listCrlIssuers, type CrlIssuer } from './crl-issuers.ts';
import { publishCrls, type CrlOrder } from './make-crl.ts';
import { scopesOf, shardingOf } from './place.ts';

const LEASE = 'crl';

/** The shortest lease, in milliseconds: longer than a CRL of 100,000 entries takes. */
const LEASE_DURATION = 15_000;

export class CrlPublisher {
  readonly #context: CrlContext;
  readonly #holder = randomUUID();
  #running: Promise<void> | undefined;
  /** Ids of keys that were reported. */
  readonly #unreadable = new Set<string>();

  constructor(context: CrlContext) {
    this.#context = context;
  }

  /** Publishes what is due. Rejects with PkiError store-unavailable. A call during another one waits for that one. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Waits for what runs, and gives the lease back. */
  async close(): Promise<void> {
    await this.#running?.catch(() => undefined);
    await this.#claim(-Infinity).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const orders = await this.#due();
    if (orders.length === 0) return;
    for (const order of orders) {
      if (!(await this.#claim(LEASE_DURATION))) return;
      await this.#publish(order);
    }
    await this.#due();
  }

  async #due(): Promise<readonly CrlOrder[]> {
    const { store, clock, observer, periods } = this.#context;
    const now = clock();
    const [issuers, crls, revisions] = await Promise.all([
      listCrlIssuers(store, (key) => this.#reportUnreadable(key)),
      store.listCrls(),
      store.listRevocationRevisions(),
    ]);
    const orders = issuers
      .map((issuer) => orderOf(issuer, crls, revisions))
      .filter((order) => mustPublish(order, now, periods));
    observer.checked(orders.flatMap(newestCrls), now);
    return orders.filter((order) => isDue(order, now, periods));
  }

  #reportUnreadable({ id }: { readonly id: string }): void {
    if (this.#unreadable.has(id)) return;
    this.#unreadable.add(id);
    const message = `The certificate of the authority key ${id} in the store cannot be read`;
    this.#context.observer.failed(new Error(message));
  }

  /** In milliseconds from now; `-Infinity` gives the lease back. */
  #claim(duration: number): Promise<boolean> {
    const { store, clock } = this.#context;
    const now = clock();
    const until = new Date(Math.max(0, now.getTime() + duration));
    return store.claimLease({ name: LEASE, holder: this.#holder, now, until });
  }

  /** A key that cannot sign does not keep the others from it. */
  async #publish(order: CrlOrder): Promise<void> {
    try {
      await withPrecedence(() => publishCrls(this.#context, order));
    } catch (error) {
      this.#context.observer.failed(error);
    }
  }
}

function orderOf(
  issuer: CrlIssuer,
  crls: readonly CrlSummary[],
  revisions: readonly RevocationRevision[],
): CrlOrder {
  const { id } = issuer.key;
  const own = crls.filter(({ authorityKeyId }) => authorityKeyId === id);
  const current = revisions.filter(({ authorityKeyId }) => issuer.keyIds.includes(authorityKeyId));
  return {
    issuer,
    previous: new Map(own.map((crl) => [crl.scope, crl])),
    // Never less than before, also if the certificate of another key of the CA cannot be read any more
    revision: Math.max(
      current.reduce((sum, { revision }) => sum + revision, 0),
      ...own.map(({ revision }) => revision),
    ),
  };
}

/**
 * Until the certificate of the key ends, and once more after that: then every certificate that it signed has ended, and each
 * entry is on one CRL after the end of its certificate (RFC 5280 §3.3).
 */
function mustPublish(order: CrlOrder, now: Date, { validity }: CrlPeriods): boolean {
  const end = order.issuer.certificate.validity.notAfter.getTime();
  if (now.getTime() <= end) return true;
  return now.getTime() <= end + validity && newestCrls(order).some((crl) => isUntil(crl, end));
}

const isUntil = (crl: CrlSummary | undefined, end: number): boolean =>
  crl === undefined || crl.thisUpdate.getTime() <= end;

/** Undefined for each scope without a CRL. */
const newestCrls = ({ issuer, previous }: CrlOrder): readonly (CrlSummary | undefined)[] =>
  scopesOf(shardingOf(issuer.authority)).map((scope) => previous.get(scope));

function isDue(order: CrlOrder, now: Date, periods: CrlPeriods): boolean {
  const end = order.issuer.certificate.validity.notAfter;
  return newestCrls(order).some(
    (crl) =>
      crl === undefined ||
      isOutdated(crl, order.revision, now, periods) ||
      (now > end && isUntil(crl, end.getTime())),
  );
}

/**
 * A change is published at once, unless the last CRL is very new: so many changes make one CRL. After a clock stepped back
 * nothing is very new.
 */
function isOutdated(crl: CrlSummary, revision: number, now: Date, { delay }: CrlPeriods): boolean {
  const { thisUpdate, nextUpdate } = crl;
  const age = now.getTime() - thisUpdate.getTime();
  const life = nextUpdate.getTime() - thisUpdate.getTime();
  if (age >= life / 2) return true;
  return revision > crl.revision && (age < 0 || age >= delay / 2);
}
