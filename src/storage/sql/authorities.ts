import { hash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.ts';
import type {
  Authority,
  AuthorityChange,
  AuthorityCreation,
  AuthorityKey,
  AuthorityUpdate,
  NewAuthority,
} from '../port/authorities.ts';
import { lockChain } from './audit.ts';
import { insertKey, listAuthorityKeys } from './authority-keys.ts';
import { integer, moment, object, optional, text } from './columns.ts';
import { barKey } from './compromised-keys.ts';
import { claimKey, findIdempotent } from './idempotency.ts';
import { fold } from './terms.ts';
import { audit, first, insert, run, type Row, type Transaction } from './transaction.ts';

export function* createAuthority(creation: NewAuthority): Transaction<AuthorityCreation> {
  const { authority, key, idempotency } = creation;
  yield* lockChain();
  const known = idempotency && (yield* findIdempotent(idempotency));
  if (known !== undefined) return known;
  const taken = yield* takenBy(creation);
  if (taken !== undefined) return { outcome: taken };
  const { id, createdAt: at } = authority;
  const conflict = idempotency && (yield* claimKey(idempotency, { result: id, at }));
  if (conflict !== undefined) return conflict;
  yield* insertAuthority(authority);
  const stored: AuthorityKey = { ...key, authorityId: id, generation: 1 };
  yield* insertKey(stored);
  const isRevoked = yield* disableIfRevoked(id, key.certificate);
  yield* audit(creation.audit);
  const status = isRevoked ? 'disabled' : authority.status;
  return { outcome: 'created', authority: { ...authority, status, revision: 1 }, key: stored };
}

/** The certificate can have been revoked since the caller read it. A revocation at the same time waits. */
function* signsWithRevoked(authorityId: string): Transaction<boolean> {
  yield* lockChain();
  const keys = yield* listAuthorityKeys(authorityId);
  const { certificate } = keys.find(({ state }) => state === 'active') ?? {};
  return certificate !== undefined && (yield* isRevoked(certificate));
}

function* isRevoked(certificate: Uint8Array): Transaction<boolean> {
  const row = yield* first(
    'SELECT v.id FROM certificates c JOIN revocations v ON v.id = c.id WHERE c.sha256 = $1',
    hash('sha256', certificate, 'buffer'),
  );
  return row !== undefined;
}

/**
 * Disables an enabled authority whose new certificate was revoked before it was stored here. The caller has locked the audit
 * chain before everything else: a revocation at the same time waits, and then finds the authority.
 */
export function* disableIfRevoked(id: string, certificate: Uint8Array | undefined): Transaction<boolean> {
  if (certificate === undefined || !(yield* isRevoked(certificate))) return false;
  const disabled = `UPDATE authorities SET status = 'disabled' WHERE id = $1 AND status = 'enabled' RETURNING id`;
  return (yield* first(disabled, id)) !== undefined;
}

function* takenBy({ authority, key }: NewAuthority): Transaction<'name-taken' | 'id-taken' | undefined> {
  if ((yield* findAuthority(authority.name)) !== undefined) return 'name-taken';
  const sameId = yield* first('SELECT id FROM authorities WHERE id = $1', authority.id);
  const sameKey = yield* first('SELECT id FROM authority_keys WHERE id = $1', key.id);
  return (sameId ?? sameKey) ? 'id-taken' : undefined;
}

const insertAuthority = (authority: NewAuthority['authority']) =>
  insert('authorities', {
    id: authority.id,
    name: authority.name,
    folded_name: fold(authority.name),
    status: authority.status,
    parent_id: authority.parentId ?? null,
    settings: canonicalJson(authority.settings),
    created_at: authority.createdAt.getTime(),
    revision: 1,
  });

export function* getAuthority(id: string): Transaction<Authority | undefined> {
  const row = yield* first('SELECT * FROM authorities WHERE id = $1', id);
  return row && authorityOf(row);
}

export function* findAuthority(name: string): Transaction<Authority | undefined> {
  const row = yield* first('SELECT * FROM authorities WHERE folded_name = $1', fold(name));
  return row && authorityOf(row);
}

/** A page in the order of a text, after `after`. */
export interface TextPage {
  readonly after?: string;
  readonly limit: number;
}

export function* listAuthorities({ after = '', limit }: TextPage): Transaction<readonly Authority[]> {
  const rows = yield* run(
    'SELECT * FROM authorities WHERE folded_name > $1 ORDER BY folded_name LIMIT $2',
    fold(after),
    limit,
  );
  return rows.map(authorityOf);
}

const authorityOf = (row: Row): Authority => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  status: text(row, 'status') as Authority['status'],
  ...optional('parentId', row, 'parent_id', text),
  settings: object(row, 'settings'),
  createdAt: moment(row, 'created_at'),
  revision: integer(row, 'revision'),
});

export function* updateAuthority(update: AuthorityUpdate): Transaction<AuthorityChange> {
  if (update.status === 'enabled' && (yield* signsWithRevoked(update.id))) return { outcome: 'conflict' };
  const authority = yield* getAuthority(update.id);
  if (authority === undefined) return { outcome: 'not-found' };
  if (authority.status === 'pending' && update.status !== undefined) return { outcome: 'conflict' };
  const { status = authority.status, settings = authority.settings, compromisedKeyId } = update;
  const change = yield* reviseAuthority({ ...authority, status, settings }, update.expectedRevision);
  if (change.outcome !== 'changed') return change;
  if (compromisedKeyId !== undefined) yield* barKey(compromisedKeyId, update.audit.at);
  yield* audit(update.audit);
  return change;
}

/** Writes status and settings, unless the authority has another revision by now. */
export function* reviseAuthority(
  authority: Authority,
  expected = authority.revision,
): Transaction<AuthorityChange> {
  const row = yield* first(
    `UPDATE authorities SET status = $3, settings = $4, revision = revision + 1
     WHERE id = $1 AND revision = $2 RETURNING *`,
    authority.id,
    expected,
    authority.status,
    canonicalJson(authority.settings),
  );
  return row === undefined ? { outcome: 'conflict' } : { outcome: 'changed', authority: authorityOf(row) };
}
