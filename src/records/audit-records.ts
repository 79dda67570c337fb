/** The records of the audit chain, the newest first. */

import { findAuthority } from '../authorities/open-authorities.ts';
import { atMemberAsync } from '../base/errors.ts';
import type { AuditFilter, AuditPlace, AuditRecord, Store } from '../storage/ports.ts';

export interface AuditSearch {
  readonly filter: Omit<AuditFilter, 'authority'>;
  /** Id or name of an authority. */
  readonly authority?: string | undefined;
  readonly after?: AuditPlace | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Whether more follow the last of them. */
  readonly hasNext: boolean;
}

type AuditSearchStore = Pick<Store, 'findAuthority' | 'getAuthority' | 'searchAudit'>;

/** Rejects with PkiError unknown-authority at `authority`. */
export async function searchAuditRecords(
  store: AuditSearchStore,
  { filter, authority, after, limit }: AuditSearch,
): Promise<AuditPage> {
  const place = after && { after };
  const filters = (await referencesTo(store, authority)).map((reference) => ({
    ...filter,
    ...(reference !== undefined && { authority: reference }),
  }));
  const found: AuditRecord[] = [];
  // One after the other, so that one request does not occupy every thread that reads.
  for (const each of filters)
    found.push(...(await store.searchAudit({ filter: each, limit: limit + 1, ...place })));
  found.sort(newestFirst);
  return { records: found.slice(0, limit), hasNext: found.length > limit };
}

/** A refusal has the id or the name of the authority, as the caller gave it. */
async function referencesTo(
  store: AuditSearchStore,
  authority: string | undefined,
): Promise<readonly (string | undefined)[]> {
  if (authority === undefined) return [undefined];
  const { id, name } = await atMemberAsync('authority', () => findAuthority(store, authority));
  return [id, name];
}

const newestFirst = (a: AuditPlace, b: AuditPlace): number =>
  b.at.getTime() - a.at.getTime() || b.sequence - a.sequence;
