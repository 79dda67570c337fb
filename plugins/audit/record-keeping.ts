/** Whether the log keeps what is written to it, as far as AUDIT_REQUIRED asks. */

import { withTimeout } from '../../src/base/timeout.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { AuditTrail } from './record.ts';

export interface RecordKeeping extends Omit<AuditTrail, 'write'> {
  readonly isFailing: boolean;
  /** Writes a line of its own and waits for its fate: after a failure, once a pause until one is kept. */
  probe(): Promise<void>;
  close(): void;
}

/** Nothing is asked of the log: lines are lost, and counted. */
export const NOT_REQUIRED: RecordKeeping = Object.freeze({
  isFailing: false,
  ensureWritable() {},
  ensureWritten: async () => {},
  probe: async () => {},
  close() {},
});

/** How long a line may take, and how long after a failure the next try comes, in milliseconds. */
const PATIENCE = 1000;
const PAUSE = 1000;

const UNAVAILABLE: Problem = {
  code: 'audit-unavailable',
  detail: 'The audit log cannot be written now, and nothing is issued without it',
};

/** `written` is asked right after a line was written, here by `writeProbe`. */
export function requireRecords(written: () => Promise<void>, writeProbe: () => void): RecordKeeping {
  let failing = false;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function isKept(): Promise<boolean> {
    try {
      await withTimeout(written(), PATIENCE, 'the log');
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
