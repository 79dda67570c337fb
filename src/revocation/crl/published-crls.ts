/**
 * The published CRLs in memory. Requests do not reach the store: its CRLs are looked up once a second at most, and while
 * it cannot be used those in memory are served until their nextUpdate.
 */

import { hash } from 'node:crypto';
import { monotonicNow, type Clock } from '../../base/clock.ts';
import type { CrlSummary, Store, StoredCrl } from '../../storage/ports.ts';
import { encodeCrlPem } from './long-pem.ts';
import { crlName, parseCrlName } from './place.ts';
import { callOf, patiently, type Call } from './store-call.ts';

export interface PublishedCrl extends StoredCrl {
  /** PEM, made when it is first needed. */
  readonly pem: () => Promise<Uint8Array>;
}

export interface PublishedCrlsOptions {
  readonly store: Pick<Store, 'listCrls' | 'getCrl'>;
  readonly clock: Clock;
  /** The most octets in memory; the CRLs that were used last stay. */
  readonly capacity?: number;
  /** Called when the store cannot be used any more, or a CRL in it is damaged, and with undefined when it works again. */
  readonly onFault: (error: unknown) => void;
}

/** How long the list of the store is used, in milliseconds. */
const FRESH = 1000;

/** 64 MiB. */
const CAPACITY = 67_108_864;

export class PublishedCrls {
  readonly #options: PublishedCrlsOptions;
  readonly #capacity: number;
  #summaries: ReadonlyMap<string, CrlSummary> | undefined;
  #checkedAt = -Infinity;
  #checking: Call | undefined;
  #isFaulty = false;
  /** By name, the one that was used last at the end. */
  readonly #loaded = new Map<string, PublishedCrl>();
  readonly #loading = new Map<string, Call>();

  constructor(options: PublishedCrlsOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? CAPACITY;
  }

  /** Whether the store could be used when it was last needed. */
  get isFaulty(): boolean {
    return this.#isFaulty;
  }

  /** The next use looks into the store. */
  forget(): void {
    this.#checkedAt = -Infinity;
  }

  /**
   * Returns the newest CRL with this name (`place.ts`); undefined if there is none. Returns `ended` for one whose
   * nextUpdate is past, or that is not in memory while the store cannot be used.
   */
  async find(name: string): Promise<PublishedCrl | 'ended' | undefined> {
    const crl = await this.findLast(name);
    return crl === undefined || crl === 'ended' || crl.nextUpdate >= this.#options.clock() ? crl : 'ended';
  }

  /** As {@link find}, also for one whose nextUpdate is past. */
  async findLast(name: string): Promise<PublishedCrl | 'ended' | undefined> {
    await this.#check();
    const summary = this.#summaries?.get(name);
    if (this.#summaries !== undefined && summary === undefined) return undefined;
    const known = this.#loaded.get(name);
    if (summary !== undefined && known?.number !== summary.number) {
      const loading = this.#load(name, summary);
      await (known === undefined ? loading.done : patiently(loading));
    }
    return this.#use(name) ?? 'ended';
  }

  /** The newest CRLs without their octets; none before the store was ever reached. */
  async list(): Promise<readonly CrlSummary[]> {
    await this.#check();
    return [...(this.#summaries?.values() ?? [])];
  }

  async #check(): Promise<void> {
    if (monotonicNow() - this.#checkedAt >= FRESH)
      this.#checking ??= callOf(this.#readSummaries().finally(() => (this.#checking = undefined)));
    // Without any list there is nothing to serve until the first one is read.
    else if (this.#summaries !== undefined) return;
    if (this.#checking === undefined) return;
    await (this.#summaries === undefined ? this.#checking.done : patiently(this.#checking));
  }

  /** It never rejects. */
  async #readSummaries(): Promise<void> {
    this.#checkedAt = monotonicNow();
    await this.#observed(async () => {
      const crls = await this.#options.store.listCrls();
      this.#summaries = new Map(crls.map((crl) => [crlName(crl), crl]));
    });
  }

  #load(name: string, { number }: CrlSummary): Call {
    const known = this.#loading.get(name);
    if (known !== undefined) return known;
    const loading = callOf(
      this.#observed(() => this.#loadNow(name, number)).finally(() => this.#loading.delete(name)),
    );
    this.#loading.set(name, loading);
    return loading;
  }

  async #loadNow(name: string, number: number): Promise<void> {
    const place = parseCrlName(name);
    const crl = place && (await this.#options.store.getCrl(place));
    if (crl === undefined || crl.number < number) return;
    if (Buffer.compare(hash('sha256', crl.der, 'buffer'), crl.sha256) !== 0)
      throw new Error(`The CRL ${name} in the store is damaged`);
    this.#loaded.set(name, withPem(crl));
    this.#evict();
  }

  /** The newest one stays in any case. */
  #evict(): void {
    const sizes = [...this.#loaded].map(([name, { der }]) => [name, der.length] as const);
    let size = sizes.reduce((sum, [, length]) => sum + length, 0);
    for (const [name, length] of sizes.slice(0, -1)) {
      if (size <= this.#capacity) return;
      this.#loaded.delete(name);
      size -= length;
    }
  }

  #use(name: string): PublishedCrl | undefined {
    const crl = this.#loaded.get(name);
    if (crl === undefined) return undefined;
    this.#loaded.delete(name);
    this.#loaded.set(name, crl);
    return crl;
  }

  async #observed(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      if (this.#isFaulty) this.#options.onFault(undefined);
      this.#isFaulty = false;
    } catch (error) {
      if (!this.#isFaulty) this.#options.onFault(error);
      this.#isFaulty = true;
    }
  }
}

function withPem(crl: StoredCrl): PublishedCrl {
  let pem: Promise<Uint8Array> | undefined;
  return { ...crl, pem: () => (pem ??= encodeCrlPem(crl.der)) };
}
