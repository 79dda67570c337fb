/** Keys that must not be certified any more, because others have the private key. */

import type { CompromiseQuery, NewRevocation } from '../port/revocation.ts';
import { first, run, type Transaction } from './transaction.ts';

/** keyCompromise and cACompromise (RFC 5280 §5.3.1). */
const COMPROMISES: ReadonlySet<number> = new Set([1, 2]);

/** For every principal. */
const EVERYONE = '';

export function* isKeyCompromised({ keyId, principal }: CompromiseQuery): Transaction<boolean> {
  const row = yield* first(
    `SELECT key_id FROM compromised_keys WHERE key_id = $1 AND principal IN ('${EVERYONE}', $2) LIMIT 1`,
    keyId,
    principal,
  );
  return row !== undefined;
}

/** Bars the key of a certificate. Who neither proved to have the key nor may revoke every certificate bars only itself. */
export function* barKeyOf({ id, reason, principal, isOfficer, revokedAt }: NewRevocation): Transaction<void> {
  if (!COMPROMISES.has(reason)) return;
  yield* run(
    `INSERT INTO compromised_keys (key_id, principal, since)
     SELECT key_id, CASE WHEN $2 = 1 OR key_proven = 1 THEN '${EVERYONE}' ELSE $3 END, $4
     FROM certificates WHERE id = $1 ON CONFLICT DO NOTHING`,
    id,
    isOfficer === true ? 1 : 0,
    principal,
    revokedAt.getTime(),
  );
}

export const barKey = (keyId: Uint8Array, since: Date) =>
  run(
    `INSERT INTO compromised_keys (key_id, principal, since) VALUES ($1, '${EVERYONE}', $2) ON CONFLICT DO NOTHING`,
    keyId,
    since.getTime(),
  );
