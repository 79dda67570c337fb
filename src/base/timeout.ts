/**
 * Resolves as `result` does, or rejects after `timeout` milliseconds with an error that names `who`. A process that was
 * busy for longer first reads what has arrived (setImmediate) and only then rejects, which a timer alone would not do.
 */
export async function withTimeout<T>(result: Promise<T>, timeout: number, who: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const fail = (): void => reject(new Error(`${who} did not respond within ${timeout} ms`));
  const timer = setTimeout(() => setImmediate(fail), timeout);
  try {
    return await Promise.race([result, promise]);
  } finally {
    clearTimeout(timer);
  }
}
