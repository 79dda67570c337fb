/** The revocations of an authority key, as its CRLs list them. */

import type {
  ReasonCode,
  Revocation,
  RevocationFilter,
  RevocationPage,
  RevocationRevision,
} from '../port/revocation.ts';
import { integer, moment, octets, optional, text } from './columns.ts';
import { Conditions } from './conditions.ts';
import { first, run, type Row, type Transaction } from './transaction.ts';

export function* listRevocations(page: RevocationPage): Transaction<readonly Revocation[]> {
  const conditions = conditionsOf(page);
  conditions.addGiven('serial > $', page.after);
  const rows = yield* run(
    `SELECT * FROM revocations ${conditions.where} ORDER BY serial LIMIT ${conditions.parameter(page.limit)}`,
    ...conditions.values,
  );
  return rows.map(revocationOf);
}

export function* revocationCount(filter: RevocationFilter): Transaction<number> {
  const { where, values } = conditionsOf(filter);
  const row = yield* first(`SELECT count(*) AS number FROM revocations ${where}`, ...values);
  return row === undefined ? 0 : integer(row, 'number');
}

function conditionsOf({ authorityKeyId, notAfterFrom }: RevocationFilter): Conditions {
  const conditions = new Conditions();
  conditions.add('authority_key_id = $', authorityKeyId);
  conditions.addGiven('(not_after IS NULL OR not_after >= $)', notAfterFrom?.getTime());
  return conditions;
}

export const revocationOf = (row: Row): Revocation => ({
  id: text(row, 'id'),
  authorityId: text(row, 'authority_id'),
  authorityKeyId: text(row, 'authority_key_id'),
  serial: octets(row, 'serial'),
  reason: reasonCode(row, 'reason'),
  revokedAt: moment(row, 'revoked_at'),
  ...optional('invalidityDate', row, 'invalidity_date', moment),
  ...optional('notAfter', row, 'not_after', moment),
  principal: text(row, 'principal'),
  revision: integer(row, 'revision'),
});

export const reasonCode = (row: Row, column: string): ReasonCode => integer(row, column) as ReasonCode;

export function* revocationRevision(authorityKeyId: string): Transaction<number> {
  const row = yield* first(
    'SELECT revision FROM revocation_revisions WHERE authority_key_id = $1',
    authorityKeyId,
  );
  return row === undefined ? 0 : integer(row, 'revision');
}

export function* listRevocationRevisions(): Transaction<readonly RevocationRevision[]> {
  return (yield* run('SELECT * FROM revocation_revisions ORDER BY authority_key_id')).map(revisionOf);
}

const revisionOf = (row: Row): RevocationRevision => ({
  authorityKeyId: text(row, 'authority_key_id'),
  revision: integer(row, 'revision'),
  changedAt: moment(row, 'changed_at'),
});
