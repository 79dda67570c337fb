/**
 * Terms of certificates are written for many certificates at once, at the latest after a second or before a search needs
 * them. Which certificates have none follows from the database, so nothing is lost when the process ends.
 */

/** Certificates whose terms are written together. */
const TOGETHER = 128;

/** The most milliseconds that a certificate is without its terms, while the database can be written. */
const LONGEST = 1000;

export interface TermBacklogOptions {
  /** Writes the terms of the oldest certificates without. */
  readonly index: () => Promise<unknown>;
  /** Whether a certificate of any process has no terms yet. */
  readonly isBehind: () => Promise<unknown>;
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

  /** Resolves when all certificates can be found. Rejects with PkiError store-unavailable. */
  async catchUp(): Promise<void> {
    while ((await this.#options.isBehind()) === true) await this.#options.index();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#added = 0;
    // After a failure the next search writes them.
    this.#options.index().catch(() => undefined);
  }
}
