/** Runs a task once for all who want its result at the same time. */
export class SingleFlight<Result> {
  readonly #running = new Map<string, Promise<Result>>();

  get size(): number {
    return this.#running.size;
  }

  run(key: string, task: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const started = task().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}
