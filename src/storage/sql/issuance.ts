import type {
  Abandonment,
  Completion,
  NewReservation,
  Reservation,
  ReservationOutcome,
} from '../port/issuance.ts';
import { insertCertificate } from './certificates.ts';
import { integer, moment, octets, optional, text } from './columns.ts';
import { claimKey } from './idempotency.ts';
import { insertTerms } from './term-index.ts';
import { insertWebhooks } from './webhooks.ts';
import { audit, first, run, type Row, type Transaction } from './transaction.ts';

export function* reserve(reservation: NewReservation): Transaction<ReservationOutcome> {
  const { id, idempotency: key, requestedAt: at } = reservation;
  const conflict = key && (yield* claimKey(key, { reservationId: id, at }));
  const isOwn = conflict?.outcome === 'in-progress' && conflict.reservationId === id;
  if (conflict !== undefined && !isOwn) return conflict;
  const stored = yield* first(RESERVE, ...valuesOf(reservation));
  if (stored !== undefined) return { outcome: 'reserved' };
  const outcome = yield* outcomeOfConflict(reservation);
  if (key && outcome !== 'reserved') yield* releaseKey(id);
  return { outcome };
}

/** Inserts nothing unless the key may sign now. */
const RESERVE = `
  INSERT INTO reservations (id, authority_id, authority_key_id, serial, tbs_digest, principal, profile,
    profile_version, requested_at, idempotent, state)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open'
  FROM authority_keys k JOIN authorities a ON a.id = k.authority_id
  WHERE k.id = $3 AND a.id = $2 AND k.state = 'active' AND a.status = 'enabled'
  ON CONFLICT DO NOTHING RETURNING id`;

const valuesOf = (reservation: NewReservation) => [
  reservation.id,
  reservation.authorityId,
  reservation.authorityKeyId,
  reservation.serial,
  reservation.tbsDigest ?? null,
  reservation.principal,
  reservation.profile,
  reservation.profileVersion,
  reservation.requestedAt.getTime(),
  reservation.idempotency === undefined ? 0 : 1,
];

/** `reserved` if this very reservation is in the store: its commit succeeded, and the caller retries. */
function* outcomeOfConflict({
  id,
  serial,
}: Reservation): Transaction<'reserved' | 'serial-taken' | 'authority-unavailable'> {
  const row = yield* first('SELECT id, state FROM reservations WHERE serial = $1', serial);
  if (row === undefined) return 'authority-unavailable';
  return row.id === id && row.state === 'open' ? 'reserved' : 'serial-taken';
}

const releaseKey = (reservationId: string) =>
  run('DELETE FROM idempotency_keys WHERE reservation_id = $1', reservationId);

export function* complete(completion: Completion): Transaction<'stored' | 'not-reserved'> {
  return yield* close(completion, insertTerms);
}

/** {@link complete}, without the terms of the certificate: `indexTerms` writes them. */
export function* completeUnindexed(completion: Completion): Transaction<'stored' | 'not-reserved'> {
  return yield* close(completion);
}

function* close(
  { certificate, audit: event, webhooks }: Completion,
  index?: typeof insertTerms,
): Transaction<'stored' | 'not-reserved'> {
  const { id, authorityId, serial, issuedAt } = certificate;
  const row = yield* first(
    `UPDATE reservations SET state = 'completed', closed_at = $4
     WHERE id = $1 AND state = 'open' AND authority_id = $2 AND serial = $3 RETURNING idempotent`,
    id,
    authorityId,
    serial,
    issuedAt.getTime(),
  );
  if (row === undefined) return yield* outcomeOfRetry(certificate);
  yield* insertCertificate(certificate);
  if (index !== undefined) yield* index(certificate);
  if (row.idempotent === 1) {
    yield* run('UPDATE idempotency_keys SET result = $1 WHERE reservation_id = $1', id);
  }
  yield* insertWebhooks(webhooks);
  yield* audit(event);
  return 'stored';
}

function* outcomeOfRetry({ id, sha256 }: Completion['certificate']): Transaction<'stored' | 'not-reserved'> {
  const row = yield* first('SELECT sha256 FROM certificates WHERE id = $1', id);
  return row !== undefined && Buffer.compare(octets(row, 'sha256'), sha256) === 0 ? 'stored' : 'not-reserved';
}

export function* abandon(abandonment: Abandonment): Transaction<'abandoned' | 'not-reserved'> {
  if (!(yield* closeReservation(abandonment))) return 'not-reserved';
  yield* audit(abandonment.audit);
  return 'abandoned';
}

/** Closes a reservation, which then never gets a certificate. Returns false unless it is open. */
export function* closeReservation({
  reservationId,
  at,
  reason,
}: Omit<Abandonment, 'audit'>): Transaction<boolean> {
  const row = yield* first(
    `UPDATE reservations SET state = 'abandoned', closed_at = $2, reason = $3
     WHERE id = $1 AND state = 'open' RETURNING idempotent`,
    reservationId,
    at.getTime(),
    reason,
  );
  if (row?.idempotent === 1) yield* releaseKey(reservationId);
  return row !== undefined;
}

export interface OpenPage {
  readonly before: Date;
  readonly limit: number;
}

export function* listOpenReservations({ before, limit }: OpenPage): Transaction<readonly Reservation[]> {
  const rows = yield* run(
    `SELECT * FROM reservations WHERE state = 'open' AND requested_at < $1 ORDER BY requested_at, id LIMIT $2`,
    before.getTime(),
    limit,
  );
  return rows.map(reservationOf);
}

const reservationOf = (row: Row): Reservation => ({
  id: text(row, 'id'),
  authorityId: text(row, 'authority_id'),
  authorityKeyId: text(row, 'authority_key_id'),
  serial: octets(row, 'serial'),
  ...optional('tbsDigest', row, 'tbs_digest', octets),
  principal: text(row, 'principal'),
  profile: text(row, 'profile'),
  profileVersion: integer(row, 'profile_version'),
  requestedAt: moment(row, 'requested_at'),
});
