/** Detects a worker whose event loop is blocked. */

/** A worker counts as hung after this many pings without a response. */
const MAX_MISSED_PINGS = 10;

/**
 * Calls `onTimeout` once if `ping` gets no response for `timeout` seconds. Returns a function that stops the pings. It
 * counts pings, not time: a primary that was itself suspended must not kill workers that it has not pinged.
 */
export function watchHeartbeat(
  ping: () => Promise<void>,
  timeout: number,
  onTimeout: () => void,
): () => void {
  let missed = 0;
  const send = async (): Promise<void> => {
    try {
      await ping();
      missed = 0;
    } catch {
      // The next ping tries again.
    }
  };
  const timer = setInterval(
    () => {
      if (missed < MAX_MISSED_PINGS) {
        missed++;
        void send();
        return;
      }
      clearInterval(timer);
      onTimeout();
    },
    (timeout * 1000) / MAX_MISSED_PINGS,
  );
  return () => clearInterval(timer);
}
