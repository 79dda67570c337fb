import type { IdempotencyConflict, IdempotencyKey } from '../port/issuance.ts';
import { moment, octets, text } from './columns.ts';
import { first, insert, run, type Transaction } from './transaction.ts';

/** What the key refers to: a reservation at first, then its result. */
interface Referent {
  readonly reservationId?: string;
  readonly result?: string;
  readonly at: Date;
}

/** Stores a new key. Returns the conflict if the key is there already. */
export function* claimKey(
  key: IdempotencyKey,
  referent: Referent,
): Transaction<IdempotencyConflict | undefined> {
  const rows = yield* insert(
    'idempotency_keys',
    {
      principal: key.principal,
      idempotency_key: key.key,
      route: key.route,
      request_digest: key.requestDigest,
      reservation_id: referent.reservationId ?? null,
      result: referent.result ?? null,
      created_at: referent.at.getTime(),
    },
    'ON CONFLICT DO NOTHING RETURNING route',
  );
  return rows.length === 1 ? undefined : yield* findIdempotent(key);
}

export function* findIdempotent(key: IdempotencyKey): Transaction<IdempotencyConflict | undefined> {
  const row = yield* first(
    'SELECT * FROM idempotency_keys WHERE principal = $1 AND idempotency_key = $2 AND route = $3',
    key.principal,
    key.key,
    key.route,
  );
  if (row === undefined) return undefined;
  if (Buffer.compare(octets(row, 'request_digest'), key.requestDigest) !== 0)
    return { outcome: 'other-request' };
  if (row.result !== null) return { outcome: 'replayed', result: text(row, 'result') };
  const reservationId = text(row, 'reservation_id');
  return { outcome: 'in-progress', reservationId, since: moment(row, 'created_at') };
}

export interface OldKeys {
  readonly before: Date;
  readonly limit: number;
}

export function* forgetIdempotencyKeys({ before, limit }: OldKeys): Transaction<number> {
  const rows = yield* run(
    `DELETE FROM idempotency_keys WHERE (principal, idempotency_key, route) IN (
       SELECT principal, idempotency_key, route FROM idempotency_keys
       WHERE created_at < $1 AND result IS NOT NULL ORDER BY created_at LIMIT $2)
     RETURNING route`,
    before.getTime(),
    limit,
  );
  return rows.length;
}
