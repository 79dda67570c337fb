/** Two ways to run several calls in one transaction. */

import type { AuditEvent } from '../port/audit.ts';
import { appendAll } from '../sql/audit.ts';
import { commitAll, withoutAudit, type Settled } from '../sql/commit.ts';
import { runScriptAsync } from '../sql/run-script.ts';
import type { Row, Statement } from '../sql/transaction.ts';
import { startWrite, type Call, type WriteName } from '../sql/transactions.ts';
import { isOwnFault, sqlState } from './faults.ts';

export type Execute = (statement: Statement) => Promise<readonly Row[]>;

/** The SQLSTATE of every statement after the first error. */
const ABORTED = '25P02';

/**
 * Sends the statements of all calls without waiting for each other, so a commit takes as many round trips as one call.
 * The server still runs them one after another. An error of one call is an error of the commit.
 */
export async function commitTogether(
  calls: readonly Call<WriteName>[],
  execute: Execute,
): Promise<Settled[]> {
  await execute({ sql: 'BEGIN', values: [] });
  const running = calls.map(async (call) => {
    const events: AuditEvent[] = [];
    const output = await runScriptAsync(withoutAudit(startWrite(call), events), execute);
    return { output, events };
  });
  // All must have ended before the transaction is rolled back.
  const results = await Promise.allSettled(running);
  const errors = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (errors.length > 0) throw errors.find((error) => sqlState(error) !== ABORTED) ?? errors[0];
  const done = await Promise.all(running);
  const events = done.flatMap((call) => call.events);
  if (events.length > 0) await runScriptAsync(withoutAudit(appendAll(events), []), execute);
  await execute({ sql: 'COMMIT', values: [] });
  return done.map(({ output }) => ({ output }));
}

/** Runs one call after another, each with a savepoint. */
export const commitInTurn = (calls: readonly Call<WriteName>[], execute: Execute): Promise<Settled[]> =>
  runScriptAsync(commitAll(calls, { begin: 'BEGIN', isOwnFault }), execute);
