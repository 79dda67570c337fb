import { canonicalJson } from '../../base/canonical-json.ts';
import { nextRecord } from '../audit-chain.ts';
import type { AuditCheckpoint, AuditEvent, AuditHead, AuditRecord } from '../port/audit.ts';
import { integer, moment, object, octets, text } from './columns.ts';
import {
  audit,
  first,
  insert,
  inserter,
  run,
  type Columns,
  type Row,
  type Transaction,
} from './transaction.ts';

export function* appendAudit(event: AuditEvent): Transaction<void> {
  yield* audit(event);
}

const intoRecords = inserter('audit_records');

/** Makes the transactions of other processes that append to the chain wait for this one. */
export const lockChain = () => run('UPDATE audit_head SET sequence = sequence');

/** Appends the events of a commit. The update locks the head, so that chains of other processes wait for this commit. */
export function* appendAll(events: readonly AuditEvent[]): Transaction<void> {
  const row = yield* first(
    'UPDATE audit_head SET sequence = sequence + $1 RETURNING sequence, hash',
    events.length,
  );
  if (row === undefined) throw new Error('The audit chain has no head');
  let head: AuditHead = { sequence: integer(row, 'sequence') - events.length, hash: octets(row, 'hash') };
  const records: AuditRecord[] = [];
  for (const event of events) {
    const record = nextRecord(head, event);
    records.push(record);
    head = record;
  }
  yield intoRecords(records.map(columnsOf));
  yield* run('UPDATE audit_head SET hash = $1', head.hash);
}

const columnsOf = (record: AuditRecord): Columns => ({
  sequence: record.sequence,
  occurred_at: record.at.getTime(),
  action: record.action,
  outcome: record.outcome,
  principal: record.principal,
  details: canonicalJson(record.details),
  previous_hash: record.previousHash,
  hash: record.hash,
});

export interface SequencePage {
  readonly after: number;
  readonly limit: number;
}

export function* readAudit({ after, limit }: SequencePage): Transaction<readonly AuditRecord[]> {
  const rows = yield* run(
    'SELECT * FROM audit_records WHERE sequence > $1 ORDER BY sequence LIMIT $2',
    after,
    limit,
  );
  return rows.map(recordOf);
}

export const recordOf = (row: Row): AuditRecord => ({
  sequence: integer(row, 'sequence'),
  at: moment(row, 'occurred_at'),
  action: text(row, 'action'),
  outcome: text(row, 'outcome') as AuditRecord['outcome'],
  principal: text(row, 'principal'),
  details: object(row, 'details'),
  previousHash: octets(row, 'previous_hash'),
  hash: octets(row, 'hash'),
});

export function* auditHead(): Transaction<AuditHead> {
  const row = yield* first('SELECT sequence, hash FROM audit_head');
  if (row === undefined) throw new Error('The audit chain has no head');
  return { sequence: integer(row, 'sequence'), hash: octets(row, 'hash') };
}

export function* addCheckpoint(checkpoint: AuditCheckpoint): Transaction<boolean> {
  const rows = yield* insert(
    'audit_checkpoints',
    {
      sequence: checkpoint.sequence,
      hash: checkpoint.hash,
      created_at: checkpoint.createdAt.getTime(),
      statement: checkpoint.statement,
    },
    'ON CONFLICT DO NOTHING RETURNING sequence',
  );
  return rows.length === 1;
}

export function* readCheckpoints({ after, limit }: SequencePage): Transaction<readonly AuditCheckpoint[]> {
  const rows = yield* run(
    'SELECT * FROM audit_checkpoints WHERE sequence > $1 ORDER BY sequence LIMIT $2',
    after,
    limit,
  );
  return rows.map(checkpointOf);
}

export function* lastCheckpoint(): Transaction<AuditCheckpoint | undefined> {
  const row = yield* first('SELECT * FROM audit_checkpoints ORDER BY sequence DESC LIMIT 1');
  return row && checkpointOf(row);
}

const checkpointOf = (row: Row): AuditCheckpoint => ({
  sequence: integer(row, 'sequence'),
  hash: octets(row, 'hash'),
  createdAt: moment(row, 'created_at'),
  statement: octets(row, 'statement'),
});
