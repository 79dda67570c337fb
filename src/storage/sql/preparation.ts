import { inTime } from './in-time.ts';

/** What must succeed once before the database is used, such as its migration. It is repeated until it succeeds. */
export class Preparation {
  readonly #prepare: () => Promise<void>;
  readonly #timeout: number;
  #attempt: Promise<void> | undefined;
  #isDone = false;

  constructor(prepare: () => Promise<void>, timeout: number) {
    this.#prepare = prepare;
    this.#timeout = timeout;
  }

  /** Waits for the attempt however long it takes. Rejects as it does; the next call begins another attempt. */
  attempt(): Promise<void> {
    this.#attempt ??= this.#begin();
    return this.#attempt;
  }

  /** As {@link attempt}, in the time of a call. */
  async done(): Promise<void> {
    if (this.#isDone) return;
    await inTime(this.attempt(), this.#timeout, 'is not ready yet');
  }

  async #begin(): Promise<void> {
    try {
      await this.#prepare();
      this.#isDone = true;
    } catch (error) {
      this.#attempt = undefined;
      throw error;
    }
  }
}
