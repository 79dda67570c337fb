import type { SerialQuery, SerialStatus } from '../port/revocation.ts';
import { integer, moment, octets, optional, text } from './columns.ts';
import { Conditions } from './conditions.ts';
import { reasonCode } from './revocations.ts';
import { first, type Row, type Transaction } from './transaction.ts';

export interface SerialRow extends SerialStatus {
  /** Whether a certificate may still be issued. */
  readonly isOpen: boolean;
}

export function* serialStatus(query: SerialQuery): Transaction<SerialStatus | undefined> {
  const row = yield* serialRow(query);
  if (row === undefined) return undefined;
  const { isOpen: _, ...status } = row;
  return status;
}

export function* serialRow(query: SerialQuery): Transaction<SerialRow | undefined> {
  const { where, values } = conditionsOf(query);
  const row = yield* first(
    `SELECT r.id, r.authority_id, r.authority_key_id, r.serial, r.principal, r.state, c.not_after, v.reason,
       v.revoked_at, v.invalidity_date, v.principal AS revoked_by, v.revision
     FROM reservations r LEFT JOIN certificates c ON c.id = r.id LEFT JOIN revocations v ON v.id = r.id ${where}`,
    ...values,
  );
  return row && statusOf(row);
}

function conditionsOf(query: SerialQuery): Conditions {
  const conditions = new Conditions();
  if ('id' in query) conditions.add('r.id = $', query.id);
  else conditions.add('r.serial = $', query.serial);
  if ('authorityId' in query) conditions.add('r.authority_id = $', query.authorityId);
  if ('authorityKeyId' in query) conditions.add('r.authority_key_id = $', query.authorityKeyId);
  return conditions;
}

function statusOf(row: Row): SerialRow {
  const serial = {
    id: text(row, 'id'),
    authorityId: text(row, 'authority_id'),
    authorityKeyId: text(row, 'authority_key_id'),
    serial: octets(row, 'serial'),
    ...optional('notAfter', row, 'not_after', moment),
  };
  const state = { principal: text(row, 'principal'), isOpen: row.state === 'open' };
  if (row.reason === null)
    return { ...serial, ...state, status: row.not_after === null ? 'reserved' : 'issued' };
  const revocation = {
    ...serial,
    reason: reasonCode(row, 'reason'),
    revokedAt: moment(row, 'revoked_at'),
    ...optional('invalidityDate', row, 'invalidity_date', moment),
    principal: text(row, 'revoked_by'),
    revision: integer(row, 'revision'),
  };
  return { ...serial, ...state, status: 'revoked', revocation };
}
