/** Whether the event loop of a worker still turns. */

/** How often it is asked before it is given up. */
const BEATS = 10;

/**
 * Calls `stopped` once where `beat` has not been answered for `timeout` seconds. Answers how to stop asking. What counts
 * are the questions, not the time: a primary that was halted itself comes back to workers that it had not asked.
 */
export function watchHeartbeat(beat: () => Promise<void>, timeout: number, stopped: () => void): () => void {
  let unanswered = 0;
  const ask = async (): Promise<void> => {
    try {
      await beat();
      unanswered = 0;
    } catch {
      // It is asked again.
    }
  };
  const timer = setInterval(
    () => {
      if (unanswered < BEATS) {
        unanswered++;
        void ask();
        return;
      }
      clearInterval(timer);
      stopped();
    },
    (timeout * 1000) / BEATS,
  );
  return () => clearInterval(timer);
}
