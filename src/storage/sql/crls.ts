import type { CrlPlace, CrlPublication, CrlSummary, Lease, StoredCrl } from '../port/crls.ts';
import { integer, moment, octets, text } from './columns.ts';
import { audit, first, insert, run, type Row, type Transaction } from './transaction.ts';

export function* publishCrl({ crl, audit: event }: CrlPublication): Transaction<'published' | 'outdated'> {
  const known = yield* first(
    'SELECT number FROM crls WHERE authority_key_id = $1 AND scope = $2',
    crl.authorityKeyId,
    crl.scope,
  );
  if (crl.number !== (known === undefined ? 0 : integer(known, 'number')) + 1) return 'outdated';
  const rows = yield* insert('crls', columnsOf(crl), REPLACE);
  if (rows.length === 0) return 'outdated';
  yield* audit(event);
  return 'published';
}

const columnsOf = (crl: StoredCrl) => ({
  authority_key_id: crl.authorityKeyId,
  scope: crl.scope,
  number: crl.number,
  revision: crl.revision,
  this_update: crl.thisUpdate.getTime(),
  next_update: crl.nextUpdate.getTime(),
  entries: crl.entries,
  sha256: crl.sha256,
  der: crl.der,
});

const REPLACE = `
  ON CONFLICT (authority_key_id, scope) DO UPDATE SET number = excluded.number, revision = excluded.revision,
    this_update = excluded.this_update, next_update = excluded.next_update, entries = excluded.entries,
    sha256 = excluded.sha256, der = excluded.der
  WHERE crls.number = excluded.number - 1 AND crls.revision <= excluded.revision
    AND crls.this_update <= excluded.this_update
  RETURNING number`;

export function* getCrl({ authorityKeyId, scope }: CrlPlace): Transaction<StoredCrl | undefined> {
  const row = yield* first(
    'SELECT * FROM crls WHERE authority_key_id = $1 AND scope = $2',
    authorityKeyId,
    scope,
  );
  return row && { ...summaryOf(row), der: octets(row, 'der') };
}

export function* listCrls(): Transaction<readonly CrlSummary[]> {
  const rows = yield* run(
    `SELECT authority_key_id, scope, number, revision, this_update, next_update, entries, sha256
     FROM crls ORDER BY authority_key_id, scope`,
  );
  return rows.map(summaryOf);
}

const summaryOf = (row: Row): CrlSummary => ({
  authorityKeyId: text(row, 'authority_key_id'),
  scope: text(row, 'scope'),
  number: integer(row, 'number'),
  revision: integer(row, 'revision'),
  thisUpdate: moment(row, 'this_update'),
  nextUpdate: moment(row, 'next_update'),
  entries: integer(row, 'entries'),
  sha256: octets(row, 'sha256'),
});

/** In milliseconds. A lease that ends later than this was made by a clock that was wrong, and has no effect. */
const MAX_SKEW = 600_000;

export function* claimLease({ name, holder, now, until }: Lease): Transaction<boolean> {
  const row = yield* first(
    `INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $4)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
     WHERE leases.holder = excluded.holder OR leases.expires_at <= $3 OR leases.expires_at > $5
     RETURNING name`,
    name,
    holder,
    now.getTime(),
    until.getTime(),
    Math.max(now.getTime(), until.getTime()) + MAX_SKEW,
  );
  return row !== undefined;
}
