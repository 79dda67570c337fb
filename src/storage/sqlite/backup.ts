/** The online backup of a database file. */

import { chmod, open, rename, rm } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { verifyAuditChain } from '../audit-chain.ts';
import type { AuditRecord, AuditHead } from '../port/audit.ts';
import { auditHead, readAudit } from '../sql/audit.ts';
import { withoutAudit } from '../sql/commit.ts';
import { runScript } from '../sql/run-script.ts';
import type { Transaction } from '../sql/transaction.ts';
import { Connection } from './connection.ts';

/** What a backup contains. */
export interface BackupReport {
  readonly certificates: number;
  /** The last record of the audit chain. */
  readonly head: AuditHead;
}

/**
 * Copies the database at `source` while the service may write to it. The copy has every transaction that was committed
 * before the call. It is verified, and appears as `destination` only then. Throws Error if this file exists.
 */
export async function backUp(source: string, destination: string): Promise<BackupReport> {
  const part = `${destination}.part`;
  await refuseExisting(destination);
  try {
    await copyDatabase(source, part);
    const report = await verifyCopy(part);
    await flush(part);
    await rename(part, destination);
    return report;
  } catch (error) {
    await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(part + suffix, { force: true })));
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  // Only its owner may read it: sealed keys are in it.
  const file = await open(path, 'wx', 0o600);
  await file.close();
  await rm(path);
}

/** All pages in one step: a copy in several steps begins again whenever another process writes. */
const ALL_PAGES = 0x7f_ff_ff_ff;

async function copyDatabase(source: string, destination: string): Promise<void> {
  await rm(destination, { force: true });
  const file = await open(destination, 'wx', 0o600);
  await file.close();
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    await backup(database, destination, { rate: ALL_PAGES });
  } finally {
    database.close();
  }
  await chmod(destination, 0o600);
}

/** Throws Error if a page is damaged, or the audit chain is invalid. */
async function verifyCopy(path: string): Promise<BackupReport> {
  const connection = new Connection(path, false);
  try {
    const read = <Result>(transaction: Transaction<Result>): Result =>
      runScript(withoutAudit(transaction, []), (statement) => connection.execute(statement));
    const select = (sql: string): unknown =>
      Object.values(connection.execute({ sql, values: [] })[0] ?? {})[0];
    const integrity = select('PRAGMA integrity_check');
    if (integrity !== 'ok') throw new Error('The copy of the database is damaged');
    const head = read(auditHead());
    const verdict = await verifyAuditChain(recordsOf(read), { head });
    if (!verdict.valid) throw new Error(`The audit record ${verdict.sequence} is ${verdict.fault}`);
    // One file without a write-ahead log.
    select('PRAGMA journal_mode = DELETE');
    return { certificates: Number(select('SELECT count(*) FROM certificates')), head };
  } finally {
    connection.close();
  }
}

/** Records in memory at a time. */
const PAGE = 500;

function* recordsOf(read: <Result>(transaction: Transaction<Result>) => Result): Generator<AuditRecord> {
  for (let after = 0; ;) {
    const page = read(readAudit({ after, limit: PAGE }));
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
