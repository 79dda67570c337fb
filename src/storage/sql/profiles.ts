import { canonicalJson } from '../../base/canonical-json.ts';
import type { ProfileAddition, ProfileVersion } from '../port/authorities.ts';
import type { TextPage } from './authorities.ts';
import { integer, moment, object, text } from './columns.ts';
import { fold } from './terms.ts';
import { audit, first, insert, run, type Row, type Transaction } from './transaction.ts';

export function* addProfileVersion(addition: ProfileAddition): Transaction<'added' | 'conflict'> {
  const { profile } = addition;
  const latest = yield* getProfile({ name: profile.name });
  if (profile.version !== (latest?.version ?? 0) + 1) return 'conflict';
  const rows = yield* insert(
    'profile_versions',
    {
      folded_name: fold(profile.name),
      version: profile.version,
      name: profile.name,
      document: canonicalJson(profile.document),
      created_at: profile.createdAt.getTime(),
      created_by: profile.createdBy,
    },
    'ON CONFLICT DO NOTHING RETURNING version',
  );
  if (rows.length === 0) return 'conflict';
  yield* audit(addition.audit);
  return 'added';
}

export interface ProfileQuery {
  readonly name: string;
  readonly version?: number | undefined;
}

export function* getProfile({ name, version }: ProfileQuery): Transaction<ProfileVersion | undefined> {
  const sql = 'SELECT * FROM profile_versions WHERE folded_name = $1';
  const row =
    version === undefined
      ? yield* first(`${sql} ORDER BY version DESC LIMIT 1`, fold(name))
      : yield* first(`${sql} AND version = $2`, fold(name), version);
  return row && profileOf(row);
}

export function* listProfiles({ after = '', limit }: TextPage): Transaction<readonly ProfileVersion[]> {
  const rows = yield* run(
    `SELECT * FROM profile_versions p WHERE folded_name > $1
       AND version = (SELECT max(version) FROM profile_versions o WHERE o.folded_name = p.folded_name)
     ORDER BY folded_name LIMIT $2`,
    fold(after),
    limit,
  );
  return rows.map(profileOf);
}

const profileOf = (row: Row): ProfileVersion => ({
  name: text(row, 'name'),
  version: integer(row, 'version'),
  document: object(row, 'document'),
  createdAt: moment(row, 'created_at'),
  createdBy: text(row, 'created_by'),
});
