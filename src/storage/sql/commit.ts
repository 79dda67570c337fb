/** One commit for several transactions. Each can have a savepoint, so that an error of one does not affect the others. */

import type { AuditEvent } from '../port/audit.ts';
import { appendAll } from './audit.ts';
import type { Row, Statement, Step, Transaction } from './transaction.ts';
import { startWrite, type Call, type WriteName } from './transactions.ts';

export type Settled = { readonly output: unknown } | { readonly error: unknown };

/** Statements only. */
export type Script<Result> = Generator<Statement, Result, readonly Row[]>;

export interface CommitOptions {
  /** The statement that begins the transaction. */
  readonly begin: string;
  /**
   * Whether an error concerns one statement only. Any other error ends the whole commit. Without this function every error
   * does, and no savepoints are needed.
   */
  readonly isOwnFault?: (error: unknown) => boolean;
}

/** Returns the result of each call. After an error the caller rolls the transaction back. */
export function* commitAll(calls: readonly Call<WriteName>[], options: CommitOptions): Script<Settled[]> {
  yield { sql: options.begin, values: [] };
  const events: AuditEvent[] = [];
  const settled: Settled[] = [];
  for (const call of calls) settled.push(yield* settle(call, events, options));
  if (events.length > 0) yield* withoutAudit(appendAll(events), []);
  yield { sql: 'COMMIT', values: [] };
  return settled;
}

function* settle(
  call: Call<WriteName>,
  events: AuditEvent[],
  { isOwnFault }: CommitOptions,
): Script<Settled> {
  if (isOwnFault === undefined) return { output: yield* withoutAudit(startWrite(call), events) };
  const own: AuditEvent[] = [];
  yield { sql: 'SAVEPOINT one_call', values: [] };
  try {
    const output = yield* withoutAudit(startWrite(call), own);
    yield { sql: 'RELEASE SAVEPOINT one_call', values: [] };
    events.push(...own);
    return { output };
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    yield { sql: 'ROLLBACK TO SAVEPOINT one_call', values: [] };
    return { error };
  }
}

/** Collects the events of a transaction in `events`. */
export function* withoutAudit<Result>(
  transaction: Transaction<Result>,
  events: AuditEvent[],
): Script<Result> {
  let next = transaction.next();
  while (next.done !== true) {
    const step: Step = next.value;
    if ('audit' in step) {
      events.push(step.audit);
      next = transaction.next([]);
    } else {
      next = transaction.next(yield step);
    }
  }
  return next.value;
}
