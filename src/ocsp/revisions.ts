/** The revision of each authority key as far as this process knows it: what was signed under another one is checked again. */

import { monotonicNow } from '../base/clock.ts';
import type { RevocationSource } from './ports.ts';

/** Within this time a revision is used without a check. In milliseconds. */
const FRESH = 1000;
/** Within this time it is used while it is checked. Later a request waits for the check. */
const USABLE = 2000;

interface Known {
  revision: number;
  checkedAt: number;
  /** Whether the last check failed: then no request waits for the next one. */
  hasFailed: boolean;
  checking?: Promise<void> | undefined;
}

export class Revisions {
  readonly #source: RevocationSource;
  readonly #known = new Map<string, Known>();

  constructor(source: RevocationSource) {
    this.#source = source;
  }

  /**
   * Returns a revision that is at most two seconds old, unless the store cannot be used. Rejects when it cannot, and none
   * was ever read.
   */
  current(keyId: string): number | Promise<number> {
    const known = this.#known.get(keyId);
    if (known === undefined) return this.#first(keyId);
    const age = monotonicNow() - known.checkedAt;
    if (age < FRESH) return known.revision;
    const checking = this.#check(keyId, known);
    return age < USABLE || known.hasFailed ? known.revision : checking.then(() => known.revision);
  }

  /** The next use of the key, or of every key, waits for a check: this process changed its revocations. */
  forget(keyId?: string): void {
    for (const id of keyId === undefined ? this.#known.keys() : [keyId]) {
      const known = this.#known.get(id);
      if (known !== undefined)
        this.#known.set(id, { revision: known.revision, checkedAt: -Infinity, hasFailed: false });
    }
  }

  async #first(keyId: string): Promise<number> {
    const revision = await this.#source.revocationRevision(keyId);
    this.#known.set(keyId, { revision, checkedAt: monotonicNow(), hasFailed: false });
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
    } catch {
      known.hasFailed = true;
    }
    known.checkedAt = monotonicNow();
    known.checking = undefined;
  }
}
