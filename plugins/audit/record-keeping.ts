/** Whether the log is written, as far as AUDIT_REQUIRED demands it. */

import { withTimeout } from '../../src/base/timeout.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';

export interface RecordKeeping {
  readonly isFailing: boolean;
  /** Throws ProblemError audit-unavailable while the log is known to fail. */
  ensureWritable(): void;
  /** Resolves when the last record is written. Rejects with ProblemError audit-unavailable when it is lost. */
  ensureWritten(): Promise<void>;
  /** Writes a line of its own and waits for it. After a failure it tries again until a line is written. */
  probe(): Promise<void>;
  close(): void;
}

/** Without AUDIT_REQUIRED a lost line is counted and nothing stops. */
export const NOT_REQUIRED: RecordKeeping = Object.freeze({
  isFailing: false,
  ensureWritable() {},
  ensureWritten: async () => {},
  probe: async () => {},
  close() {},
});

/** How long a line may take to be written, and the pause before the next try, in milliseconds. */
const TIMEOUT = 1000;
const PAUSE = 1000;

const UNAVAILABLE: Problem = {
  code: 'audit-unavailable',
  detail: 'The audit log cannot be written now, and nothing is issued without it',
};

/** `written` resolves when the line is written that was logged last; `writeProbe` logs one. */
export function requireRecords(written: () => Promise<void>, writeProbe: () => void): RecordKeeping {
  let failing = false;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function isKept(): Promise<boolean> {
    try {
      await withTimeout(written(), TIMEOUT, 'the log');
      failing = false;
      return true;
    } catch {
      failing = true;
      if (!closed) retry ??= setTimeout(tryAgain, PAUSE).unref();
      return false;
    }
  }

  async function probe(): Promise<void> {
    writeProbe();
    await isKept();
  }

  function tryAgain(): void {
    retry = undefined;
    void probe();
  }

  return {
    get isFailing() {
      return failing;
    },
    ensureWritable() {
      if (failing) throw new ProblemError(UNAVAILABLE);
    },
    async ensureWritten() {
      if (!(await isKept())) throw new ProblemError(UNAVAILABLE);
    },
    probe,
    close() {
      closed = true;
      clearTimeout(retry);
    },
  };
}
