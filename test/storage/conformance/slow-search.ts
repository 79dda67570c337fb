/** Certificates that are searched, and a slow search that decides which ones must be found, and in which order. */

import type { Test } from 'tap';
import type {
  Certificate,
  CertificateFilter,
  CertificateName,
  CertificateQuery,
  Store,
} from '../../../src/storage/ports.ts';
import { createAuthority, daysFrom, issue, NOW, octets } from '../samples.ts';

export const dns = (value: string): CertificateName => ({ type: 'dns', value });

export const queryOf = (
  filter: CertificateFilter,
  members: Partial<CertificateQuery> = {},
): CertificateQuery => ({
  filter,
  now: NOW,
  order: 'oldest-first',
  limit: 100,
  ...members,
});

const ORDERS = ['oldest-first', 'newest-first', 'expiring-first'] as const;

/** `all` are in the order of `issuedAt`, then `id`. */
export async function checkPages(
  t: Test,
  store: Store,
  all: readonly Certificate[],
  filter: CertificateFilter,
  orders: readonly CertificateQuery['order'][] = ORDERS,
  limit = 500,
): Promise<void> {
  const expected = all.filter((certificate) => matches(certificate, filter));
  for (const order of orders) {
    const ids = await idsInPages(store, queryOf(filter, { order, limit }));
    t.same(ids, idsIn(order, expected), `${order}: ${JSON.stringify(filter)}`);
  }
}

/** With names below `even.example` or another domain. Returns them in the order of their ids. */
export async function issueFillers(
  store: Store,
  count: number,
  members: Partial<Certificate>,
  domain = 'even',
): Promise<Certificate[]> {
  const key = await createAuthority(store);
  const fillers: Certificate[] = [];
  while (fillers.length < count) {
    const place = fillers.length;
    const group = Array.from({ length: Math.min(700, count - place) }, (_, index) =>
      issue(store, key, {
        subject: 'CN=filler,O=Other Ltd',
        principal: 'key:9',
        profile: 'profile 9',
        der: octets(20),
        names: [dns(`filler-${place + index}.${domain}.example`)],
        ...members,
      }),
    );
    fillers.push(...(await Promise.all(group)));
  }
  return fillers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** In the order of `issuedAt`, then `id`; several have the same time. */
export async function issueMany(store: Store): Promise<Certificate[]> {
  const keys = [await createAuthority(store), await createAuthority(store)];
  const issued = await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const key = keys[index % 2];
      if (key === undefined) throw new Error('There is no key');
      return issue(store, key, {
        issuedAt: daysFrom(NOW, Math.floor(index / 4)),
        notAfter: daysFrom(NOW, index - 10),
        notBefore: daysFrom(NOW, -30),
        profile: `profile ${index % 3}`,
        principal: `key:${index % 5}`,
        names: [dns(`host-${index}.${index % 2 === 0 ? 'even' : 'odd'}.example`)],
        subject: `CN=host ${index},O=${index % 4 === 0 ? 'Fourth' : 'Other'} Ltd`,
        der: octets(20),
      });
    }),
  );
  return issued.toSorted(byIssue);
}

export const byIssue = (a: Certificate, b: Certificate): number =>
  a.issuedAt.getTime() - b.issuedAt.getTime() || (a.id < b.id ? -1 : 1);

/** The filter by other means. */
export function matches(certificate: Certificate, filter: CertificateFilter): boolean {
  const { subject, names, notAfter, issuedAt, profile, principal, authorityId } = certificate;
  const words = subject.toLowerCase().split(/\W+/);
  const isIn = (date: Date, { from = new Date(0), to = new Date(8e15) } = {}): boolean =>
    date >= from && date < to;
  return (
    (filter.profile ?? profile) === profile &&
    (filter.principal ?? principal) === principal &&
    (filter.authorityId ?? authorityId) === authorityId &&
    hasStatus(certificate, filter.status) &&
    (filter.name === undefined ||
      names.some(({ value }) => value.endsWith(filter.name?.replace('*', '') ?? ''))) &&
    (filter.subject === undefined || filter.subject.split(' ').every((word) => words.includes(word))) &&
    isIn(issuedAt, filter.issued) &&
    isIn(notAfter, filter.expiring)
  );
}

function hasStatus({ notBefore, notAfter }: Certificate, status: CertificateFilter['status']): boolean {
  if (status === 'valid') return notBefore <= NOW && NOW <= notAfter;
  return status === undefined || (status === 'expired' && notAfter < NOW);
}

/** The ids of certificates that are sorted by their time, then by their id. */
export const idsIn = (order: CertificateQuery['order'], sorted: readonly Certificate[]): string[] => {
  const ids = (order === 'expiring-first' ? sorted.toSorted(byExpiry) : sorted).map(({ id }) => id);
  return order === 'newest-first' ? ids.toReversed() : ids;
};

const byExpiry = (a: Certificate, b: Certificate): number =>
  a.notAfter.getTime() - b.notAfter.getTime() || (a.id < b.id ? -1 : 1);

export async function idsInPages(store: Store, query: CertificateQuery): Promise<string[]> {
  const ids: string[] = [];
  let after = query.after;
  for (;;) {
    const page = await store.searchCertificates({ ...query, ...(after && { after }) });
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined || page.length < query.limit) return ids;
    after = last;
  }
}
