/** Changes of the keys of an authority: rotation, the import of a certificate, and another sealed form. */

import type {
  Authority,
  AuthorityChange,
  CertificateImport,
  KeyAddition,
  Resealing,
} from '../port/authorities.ts';
import { lockChain } from './audit.ts';
import { disableIfRevoked, getAuthority, reviseAuthority } from './authorities.ts';
import { chainText, getKey, insertKey, listAuthorityKeys } from './authority-keys.ts';
import { audit, first, run, type Transaction } from './transaction.ts';

export function* addAuthorityKey(addition: KeyAddition): Transaction<AuthorityChange> {
  const { authorityId, key, expectedRevision } = addition;
  yield* lockChain();
  const authority = yield* getAuthority(authorityId);
  if (authority === undefined) return { outcome: 'not-found' };
  if ((yield* getKey(key.id)) !== undefined) return { outcome: 'conflict' };
  const change = yield* reviseAuthority(authority, expectedRevision);
  if (change.outcome !== 'changed') return change;
  const [newest] = yield* listAuthorityKeys(authorityId);
  if (key.state === 'active') yield* retireActiveKey(authorityId);
  yield* insertKey({ ...key, authorityId, generation: (newest?.generation ?? 0) + 1 });
  const isRevoked = key.state === 'active' && (yield* disableIfRevoked(authorityId, key.certificate));
  yield* audit(addition.audit);
  return isRevoked ? disabled(change.authority) : change;
}

export function* importAuthorityCertificate(imported: CertificateImport): Transaction<AuthorityChange> {
  yield* lockChain();
  const key = yield* getKey(imported.keyId);
  const authority = key && (yield* getAuthority(key.authorityId));
  if (key === undefined || authority === undefined) return { outcome: 'not-found' };
  if (key.state !== 'pending') return { outcome: 'conflict' };
  const status = authority.status === 'pending' ? 'enabled' : authority.status;
  const change = yield* reviseAuthority({ ...authority, status });
  if (change.outcome !== 'changed') return change;
  yield* retireActiveKey(authority.id);
  yield* run(
    `UPDATE authority_keys SET state = 'active', certificate = $2, chain = $3 WHERE id = $1`,
    key.id,
    imported.certificate,
    chainText(imported.chain),
  );
  const isRevoked = yield* disableIfRevoked(authority.id, imported.certificate);
  yield* audit(imported.audit);
  return isRevoked ? disabled(change.authority) : change;
}

const disabled = (authority: Authority): AuthorityChange => ({
  outcome: 'changed',
  authority: { ...authority, status: 'disabled' },
});

const retireActiveKey = (authorityId: string) =>
  run(
    `UPDATE authority_keys SET state = 'retired' WHERE authority_id = $1 AND state = 'active'`,
    authorityId,
  );

export function* reseal(resealing: Resealing): Transaction<AuthorityChange> {
  const key = yield* getKey(resealing.keyId);
  const authority = key && (yield* getAuthority(key.authorityId));
  if (authority === undefined) return { outcome: 'not-found' };
  const row = yield* first(
    'UPDATE authority_keys SET sealed = $3 WHERE id = $1 AND sealed = $2 RETURNING id',
    resealing.keyId,
    resealing.expected,
    resealing.sealed,
  );
  if (row === undefined) return { outcome: 'conflict' };
  yield* audit(resealing.audit);
  return { outcome: 'changed', authority };
}
