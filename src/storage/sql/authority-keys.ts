import type { AuthorityKey } from '../port/authorities.ts';
import { integer, moment, octets, optional, text } from './columns.ts';
import { first, insert, run, type Row, type Transaction } from './transaction.ts';

export const insertKey = (key: AuthorityKey) =>
  insert('authority_keys', {
    id: key.id,
    authority_id: key.authorityId,
    generation: key.generation,
    state: key.state,
    algorithm: key.algorithm,
    public_key: key.publicKey,
    sealed: key.sealed ?? null,
    key_reference: key.keyReference ?? null,
    csr: key.csr ?? null,
    certificate: key.certificate ?? null,
    chain: chainText(key.chain),
    created_at: key.createdAt.getTime(),
  });

/** A JSON array of base64. */
export const chainText = (chain: readonly Uint8Array[]): string =>
  JSON.stringify(chain.map((der) => Buffer.from(der).toString('base64')));

export function* getKey(id: string): Transaction<AuthorityKey | undefined> {
  const row = yield* first('SELECT * FROM authority_keys WHERE id = $1', id);
  return row && keyOf(row);
}

export function* listAuthorityKeys(authorityId: string): Transaction<readonly AuthorityKey[]> {
  const rows = yield* run(
    'SELECT * FROM authority_keys WHERE authority_id = $1 ORDER BY generation DESC',
    authorityId,
  );
  return rows.map(keyOf);
}

export interface SealedPage {
  readonly after?: string;
  readonly limit: number;
}

export function* listSealedKeys({ after = '', limit }: SealedPage): Transaction<readonly AuthorityKey[]> {
  const rows = yield* run(
    'SELECT * FROM authority_keys WHERE sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT $2',
    after,
    limit,
  );
  return rows.map(keyOf);
}

const keyOf = (row: Row): AuthorityKey => ({
  id: text(row, 'id'),
  authorityId: text(row, 'authority_id'),
  generation: integer(row, 'generation'),
  state: text(row, 'state') as AuthorityKey['state'],
  algorithm: text(row, 'algorithm'),
  publicKey: octets(row, 'public_key'),
  ...optional('sealed', row, 'sealed', octets),
  ...optional('keyReference', row, 'key_reference', text),
  ...optional('csr', row, 'csr', octets),
  ...optional('certificate', row, 'certificate', octets),
  chain: chainOf(row),
  createdAt: moment(row, 'created_at'),
});

const chainOf = (row: Row): Uint8Array[] =>
  (JSON.parse(text(row, 'chain')) as string[]).map((der) => new Uint8Array(Buffer.from(der, 'base64')));
