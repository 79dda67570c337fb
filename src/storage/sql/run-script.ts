import type { Script } from './commit.ts';
import type { Row, Statement } from './transaction.ts';

/** Runs a script on a database that returns rows at once. An error of a statement is thrown into the script. */
export function runScript<Result>(
  script: Script<Result>,
  execute: (statement: Statement) => readonly Row[],
): Result {
  let next = script.next();
  while (next.done !== true) {
    let rows: readonly Row[];
    try {
      rows = execute(next.value);
    } catch (error) {
      next = script.throw(error);
      continue;
    }
    next = script.next(rows);
  }
  return next.value;
}

/** {@link runScript} for a database on a network. */
export async function runScriptAsync<Result>(
  script: Script<Result>,
  execute: (statement: Statement) => Promise<readonly Row[]>,
): Promise<Result> {
  let next = script.next();
  while (next.done !== true) {
    let rows: readonly Row[];
    try {
      rows = await execute(next.value);
    } catch (error) {
      next = script.throw(error);
      continue;
    }
    next = script.next(rows);
  }
  return next.value;
}
