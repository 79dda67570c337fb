/** The revision of each authority key as far as this process knows it: what was signed under another one is checked again. */

import { monotonicNow } from '../base/clock.ts';
import type { IssuerKey, RevocationSource } from './ports.ts';

/** Within this time a revision is used without a check. In milliseconds. */
const FRESH = 1000;
/** Within this time it is used while it is checked. Later a request waits for the check. */
const USABLE = 2000;

type Keys = Pick<IssuerKey, 'id' | 'keyIds'>;

interface Known {
  revision: number;
  checkedAt: number;
  /** Whether the last check failed: then no request waits for the next one. */
  hasFailed: boolean;
  checking?: Promise<void> | undefined;
  /** Serial numbers that this process changed after the last check, in hexadecimal. */
  readonly changed: Set<string>;
}

export class Revisions {
  readonly #source: RevocationSource;
  readonly #known = new Map<string, Known>();
  #changes = 0;
  #isFaulty = false;

  constructor(source: RevocationSource) {
    this.#source = source;
  }

  /** Whether the store could not be used at the last check. */
  get isFaulty(): boolean {
    return this.#isFaulty;
  }

  /** Counts what this process changed: a status that was read before a change can be wrong after it. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Returns a revision that is at most two seconds old, unless the store cannot be used. Rejects when it cannot, and none
   * was ever read. That of several keys is the sum, which changes with each of them.
   */
  current({ id, keyIds }: Keys): number | Promise<number> {
    if (keyIds.length === 1) return this.#currentOf(id);
    const all = keyIds.map((keyId) => this.#currentOf(keyId));
    return all.every((revision) => typeof revision === 'number') ? sum(all) : sumOf(all);
  }

  #currentOf(keyId: string): number | Promise<number> {
    const known = this.#known.get(keyId);
    if (known === undefined) return this.#first(keyId);
    const age = monotonicNow() - known.checkedAt;
    if (age < FRESH) return known.revision;
    const checking = this.#check(keyId, known);
    return age < USABLE || known.hasFailed ? known.revision : checking.then(() => known.revision);
  }

  /** The next use of every key waits for a check: this process perhaps changed revocations. */
  forget(): void {
    this.#changes += 1;
    for (const keyId of this.#known.keys()) this.#renew(keyId, []);
  }

  /** The next use of the key waits for a check: this process changed the revocation of a serial number. */
  change(keyId: string, serial: Uint8Array): void {
    this.#changes += 1;
    this.#renew(keyId, [hexadecimal(serial)]);
  }

  /** Whether this process changed the serial number, and no check was possible since. */
  hasChanged({ keyIds }: Keys, serial: Uint8Array): boolean {
    return keyIds.some((keyId) => {
      const changed = this.#known.get(keyId)?.changed;
      return changed !== undefined && changed.size > 0 && changed.has(hexadecimal(serial));
    });
  }

  #renew(keyId: string, serials: readonly string[]): void {
    const known = this.#known.get(keyId);
    if (known === undefined) return;
    const { revision, changed } = known;
    this.#known.set(keyId, {
      revision,
      checkedAt: -Infinity,
      hasFailed: false,
      changed: new Set([...changed, ...serials]),
    });
  }

  async #first(keyId: string): Promise<number> {
    const revision = await this.#source.revocationRevision(keyId);
    // Another request was faster, and this process can have changed a revocation since
    const known = this.#known.get(keyId);
    if (known !== undefined) return known.revision;
    this.#known.set(keyId, { revision, checkedAt: monotonicNow(), hasFailed: false, changed: new Set() });
    return revision;
  }

  /** It never rejects. */
  #check(keyId: string, known: Known): Promise<void> {
    known.checking ??= this.#checkOnce(keyId, known);
    return known.checking;
  }

  async #checkOnce(keyId: string, known: Known): Promise<void> {
    try {
      known.revision = await this.#source.revocationRevision(keyId);
      known.hasFailed = false;
      this.#isFaulty = false;
      known.changed.clear();
    } catch {
      known.hasFailed = true;
      this.#isFaulty = true;
    }
    known.checkedAt = monotonicNow();
    known.checking = undefined;
  }
}

const sum = (revisions: readonly number[]): number => revisions.reduce((a, b) => a + b, 0);

const sumOf = async (revisions: readonly (number | Promise<number>)[]): Promise<number> =>
  sum(await Promise.all(revisions.map(async (revision) => revision)));

const hexadecimal = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
