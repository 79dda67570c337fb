/**
 * `answer`, or a rejection where it has not come after `patience` milliseconds. `who` is named in the error. In a process
 * that was busy for longer, what has arrived meanwhile is read before this gives up, which a timer alone does not do.
 */
export async function withTimeout<T>(answer: Promise<T>, patience: number, who: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new Error(`${who} did not answer in ${patience} ms`));
  const timer = setTimeout(() => setImmediate(giveUp), patience);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
