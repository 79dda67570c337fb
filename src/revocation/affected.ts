/** The authorities here that relying parties trust no longer when a certificate is revoked. */

import { hash } from 'node:crypto';
import type { Authority, Certificate, Store } from '../storage/ports.ts';

export interface Affected {
  /** Those that have the certificate. They issue no more. */
  readonly holders: readonly Authority[];
  /** Those below them, in whose chain the certificate is. */
  readonly below: readonly Authority[];
}

const NONE: Affected = Object.freeze({ holders: [], below: [] });

export async function affectedBy(store: Store, certificate: Certificate | undefined): Promise<Affected> {
  if (certificate?.isAuthority !== true) return NONE;
  const all = await allAuthorities(store);
  const children = all.filter(({ parentId }) => parentId === certificate.authorityId);
  const holders: Authority[] = [];
  for (const child of children) if (await signsWith(store, child, certificate)) holders.push(child);
  return { holders, below: belowAll(holders, all) };
}

/** A certificate of a retired key stops nothing: the authority signs with another one. */
async function signsWith(store: Store, { id }: Authority, { sha256 }: Certificate): Promise<boolean> {
  const keys = await store.listAuthorityKeys(id);
  const { certificate } = keys.find(({ state }) => state === 'active') ?? {};
  return certificate !== undefined && Buffer.compare(hash('sha256', certificate, 'buffer'), sha256) === 0;
}

/** Every authority below one of `holders`, the nearest first. */
export function belowAll(holders: readonly Authority[], all: readonly Authority[]): readonly Authority[] {
  const found = new Set<Authority>();
  let parents = new Set(holders.map(({ id }) => id));
  while (parents.size > 0) {
    const next = all.filter((each) => each.parentId !== undefined && parents.has(each.parentId));
    const added = next.filter((each) => !found.has(each));
    for (const each of added) found.add(each);
    parents = new Set(added.map(({ id }) => id));
  }
  return [...found];
}

const PAGE = 100;

export async function allAuthorities(store: Pick<Store, 'listAuthorities'>): Promise<readonly Authority[]> {
  const all: Authority[] = [];
  for (;;) {
    const after = all.at(-1)?.name;
    const page = await store.listAuthorities({ limit: PAGE, ...(after !== undefined && { after }) });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
