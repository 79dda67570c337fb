/**
 * Terms of certificates are written for many certificates at once, at the latest after a second or before a search needs
 * them. Which certificates have none follows from the database, so nothing is lost when the process ends.
 */

import type { TermPlaces } from '../sql/term-index.ts';

/** Certificates whose terms are written together. */
const TOGETHER = 128;

/** The most milliseconds that a certificate is without its terms, while the database can be written. */
const LONGEST = 1000;

export interface TermBacklogOptions {
  /** Writes the terms of the oldest certificates without. Resolves to the new mark. */
  readonly index: () => Promise<number>;
  /** Of the certificates of all processes. */
  readonly places: () => Promise<TermPlaces>;
}

export class TermBacklog {
  readonly #options: TermBacklogOptions;
  #added = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TermBacklogOptions) {
    this.#options = options;
  }

  /** A certificate was stored without its terms. */
  add(): void {
    this.#added += 1;
    if (this.#added === TOGETHER) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), LONGEST).unref();
  }

  /**
   * Resolves when all certificates can be found that were stored before the call: later ones can be stored faster than this
   * is done. Rejects with PkiError store-unavailable.
   */
  async catchUp(): Promise<void> {
    const { newest, mark } = await this.#options.places();
    for (let done = mark; done < newest;) done = await this.#options.index();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#added = 0;
    // After a failure the next search writes them.
    this.#options.index().catch(() => undefined);
  }
}
