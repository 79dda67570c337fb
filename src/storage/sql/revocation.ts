import type {
  HoldRelease,
  NewRevocation,
  ReleaseOutcome,
  Revocation,
  RevocationOutcome,
} from '../port/revocation.ts';
import { lockChain } from './audit.ts';
import { integer } from './columns.ts';
import { barKeyOf } from './compromised-keys.ts';
import { closeReservation } from './issuance.ts';
import { revocationOf } from './revocations.ts';
import { serialRow } from './serial-status.ts';
import { audit, first, run, type Transaction } from './transaction.ts';
import { insertWebhooks } from './webhooks.ts';

/** certificateHold, the only reason that is not final. */
const HOLD = 6;

export function* revoke(order: NewRevocation): Transaction<RevocationOutcome> {
  const { id, revokedAt } = order;
  const found = yield* serialRow({ id });
  if (found === undefined) return { outcome: 'not-found' };
  const held = found.revocation;
  if (held !== undefined && !replaces(order, held)) return { outcome: 'already-revoked', revocation: held };
  if (found.isOpen) yield* closeReservation({ reservationId: id, at: revokedAt, reason: 'It was revoked' });
  const revision = yield* nextRevision(found.authorityKeyId, revokedAt);
  const row = yield* held === undefined ? insertRevocation(order, revision) : endHold(order, revision);
  // Another transaction was faster.
  if (row === undefined) return yield* revoke(order);
  const [certificate] = yield* markCertificate(id);
  if (certificate?.is_authority === 1) yield* disableHolders(id);
  for (const authorityId of order.disabling ?? []) yield* disable(authorityId);
  yield* barKeyOf(order);
  yield* insertWebhooks(order.webhooks);
  yield* audit(order.audit);
  return { outcome: 'revoked', revocation: revocationOf(row), ...(held && { held }) };
}

/** The time of the hold stays that of the revocation (X.509 §9.5.3.1). */
const replaces = ({ reason, takesHoldOf }: NewRevocation, held: Revocation): boolean =>
  held.reason === HOLD && (reason !== HOLD || held.principal === takesHoldOf);

const insertRevocation = (order: NewRevocation, revision: number) =>
  first(
    `INSERT INTO revocations (id, authority_id, authority_key_id, serial, reason, revoked_at, invalidity_date,
       not_after, principal, revision)
     SELECT r.id, r.authority_id, r.authority_key_id, r.serial, $2, $3, $4, c.not_after, $5, $6
     FROM reservations r LEFT JOIN certificates c ON c.id = r.id WHERE r.id = $1
     ON CONFLICT DO NOTHING RETURNING *`,
    order.id,
    order.reason,
    order.revokedAt.getTime(),
    order.invalidityDate?.getTime() ?? null,
    order.principal,
    revision,
  );

const endHold = (order: NewRevocation, revision: number) =>
  first(
    `UPDATE revocations SET reason = $2, invalidity_date = $3, principal = $4, revision = $5
     WHERE id = $1 AND reason = ${HOLD} RETURNING *`,
    order.id,
    order.reason,
    order.invalidityDate?.getTime() ?? null,
    order.principal,
    revision,
  );

export function* release(order: HoldRelease): Transaction<ReleaseOutcome> {
  const { id, at } = order;
  const found = yield* serialRow({ id });
  if (found === undefined) return { outcome: 'not-found' };
  const { revocation } = found;
  if (revocation === undefined) return { outcome: 'not-revoked' };
  if (revocation.reason !== HOLD) return { outcome: 'final', revocation };
  if (order.heldBy !== undefined && order.heldBy !== revocation.principal)
    return { outcome: 'held-by-other', revocation };
  yield* nextRevision(found.authorityKeyId, at);
  const row = yield* first(
    `DELETE FROM revocations WHERE id = $1 AND reason = ${HOLD} AND principal = $2 RETURNING id`,
    id,
    revocation.principal,
  );
  if (row === undefined) return yield* release(order);
  yield* markCertificate(id);
  yield* insertWebhooks(order.webhooks);
  yield* audit(order.audit);
  return { outcome: 'released', revocation };
}

/** The audit chain is locked first, so that transactions of several keys do not wait for each other in a circle. */
function* nextRevision(authorityKeyId: string, at: Date): Transaction<number> {
  yield* lockChain();
  const row = yield* first(
    `INSERT INTO revocation_revisions (authority_key_id, revision, changed_at) VALUES ($1, 1, $2)
     ON CONFLICT (authority_key_id)
     DO UPDATE SET revision = revocation_revisions.revision + 1, changed_at = excluded.changed_at
     RETURNING revision`,
    authorityKeyId,
    at.getTime(),
  );
  return row === undefined ? 0 : integer(row, 'revision');
}

/** The columns by which certificates are searched. */
const markCertificate = (id: string) =>
  run(
    `UPDATE certificates SET
       revoked_at = (SELECT v.revoked_at FROM revocations v WHERE v.id = $1),
       revocation_reason = (SELECT v.reason FROM revocations v WHERE v.id = $1)
     WHERE id = $1 RETURNING is_authority`,
    id,
  );

/** Also an authority that was stored after the caller looked for those that sign with the certificate. */
const disableHolders = (id: string) =>
  run(
    `UPDATE authorities SET status = 'disabled', revision = revision + 1
     WHERE status = 'enabled' AND id IN (
       SELECT k.authority_id FROM authority_keys k JOIN certificate_bodies b ON b.der = k.certificate
       WHERE k.state = 'active' AND b.certificate_id = $1)`,
    id,
  );

const disable = (authorityId: string) =>
  run(
    `UPDATE authorities SET status = 'disabled', revision = revision + 1 WHERE id = $1 AND status = 'enabled'`,
    authorityId,
  );
