import * as fc from 'fast-check';
import type {
  Certificate,
  CertificateFilter,
  CertificateName,
  CertificateQuery,
  Store,
} from '../../../src/storage/ports.ts';
import { createAuthority, DAY, daysFrom, issue, NOW, octets } from '../samples.ts';
import type { Testing } from './testing.ts';

const dns = (value: string): CertificateName => ({ type: 'dns', value });

const queryOf = (filter: CertificateFilter, members: Partial<CertificateQuery> = {}): CertificateQuery => ({
  filter,
  now: NOW,
  order: 'oldest-first',
  limit: 100,
  ...members,
});

export function testSearch(test: Testing): void {
  test('a certificate is found by each of its facts', async (t, store) => {
    const key = await createAuthority(store);
    const found = await issue(store, key, {
      subject: 'CN=Zoë Doe-1,OU=R\\+D,O=Acme Europe Ltd',
      names: [
        dns('a.b.Example.com'),
        { type: 'email', value: 'Zoe@example.org' },
        { type: 'ip', value: '10.0.0.1' },
      ],
      principal: 'key:two',
      profile: 'client',
      issuedAt: daysFrom(NOW, 1),
      notAfter: daysFrom(NOW, 10),
    });
    await issue(store, await createAuthority(store), { subject: 'CN=Other', names: [dns('example.com')] });
    const { der: _, ...summary } = found;
    const filters: CertificateFilter[] = [
      { serial: found.serial },
      { sha256: found.sha256 },
      { keyId: found.keyId },
      { authorityId: key.authorityId },
      { principal: 'key:two' },
      { profile: 'client' },
      { subject: 'acme LTD' },
      { subject: 'ZOË' },
      { subject: 'zoe\u0308 doe-1' },
      { name: 'A.B.example.com' },
      { name: '*.b.example.com' },
      { name: '*.example.com' },
      { name: '*.com', subject: 'europe' },
      { name: 'zoe@example.org' },
      { name: '10.0.0.1' },
      { issued: { from: daysFrom(NOW, 1) } },
      { expiring: { to: daysFrom(NOW, 11) } },
      { expiring: { from: daysFrom(NOW, 10), to: daysFrom(NOW, 11) }, status: 'valid' },
      {
        profile: 'client',
        principal: 'key:two',
        authorityId: key.authorityId,
        subject: 'acme',
        name: '10.0.0.1',
      },
    ];
    for (const filter of filters)
      t.same(await store.searchCertificates(queryOf(filter)), [summary], JSON.stringify(filter));
    const misses: CertificateFilter[] = [
      { serial: octets(20) },
      { sha256: octets(32) },
      { subject: 'Acm' },
      { subject: 'cn' },
      { subject: '+' },
      { subject: '+', name: '10.0.0.1' },
      { subject: 'acme other' },
      { name: 'b.example.com' },
      { name: '*.a.b.example.com' },
      { name: '%' },
      { name: 'acme' },
      { principal: 'key:three' },
      { status: 'revoked' },
      { issued: { from: daysFrom(NOW, 2) } },
      { expiring: { from: daysFrom(NOW, 91) } },
    ];
    for (const filter of misses)
      t.same(await store.searchCertificates(queryOf(filter)), [], JSON.stringify(filter));
  });

  test('a certificate is valid to the end of its last moment', async (t, store) => {
    const key = await createAuthority(store);
    const { id, notBefore, notAfter } = await issue(store, key);
    const statusAt = async (status: 'valid' | 'expired', now: Date) =>
      (await store.searchCertificates(queryOf({ status }, { now }))).map((found) => found.id);
    t.same(await statusAt('valid', notBefore), [id]);
    t.same(await statusAt('valid', notAfter), [id]);
    t.same(await statusAt('expired', notAfter), []);
    t.same(await statusAt('expired', new Date(notAfter.getTime() + 1)), [id]);
    t.same(await statusAt('valid', new Date(notAfter.getTime() + 1)), []);
    t.same(await statusAt('valid', new Date(notBefore.getTime() - 1)), []);
  });

  test('pages have each certificate once and in order, whatever the filter', async (t, store) => {
    const issued = await issueMany(store);
    await fc.assert(
      fc.asyncProperty(
        filters(issued),
        fc.constantFrom('newest-first', 'oldest-first', 'expiring-first'),
        fc.integer({ min: 1, max: 7 }),
        async (filter, order, limit) => {
          const ids = await idsInPages(store, queryOf(filter, { order, limit }));
          const expected = issued.filter((certificate) => matches(certificate, filter));
          return JSON.stringify(ids) === JSON.stringify(idsIn(order, expected));
        },
      ),
      { numRuns: 60 },
    );
    t.equal(issued.length, 40);
  });

  test('filters that match many certificates have the same pages', async (t, store) => {
    const key = await createAuthority(store);
    const common = { subject: 'CN=filler,O=Other Ltd', principal: 'key:9', profile: 'profile 9' };
    const fillers: Certificate[] = [];
    while (fillers.length < 2100) {
      const place = fillers.length;
      const group = Array.from({ length: 700 }, (_, index) =>
        issue(store, key, {
          ...common,
          der: octets(20),
          names: [dns(`filler-${place + index}.even.example`)],
          issuedAt: daysFrom(NOW, -1),
        }),
      );
      fillers.push(...(await Promise.all(group)));
    }
    const issued = await issueMany(store);
    const all = [...fillers.toSorted((a, b) => (a.id < b.id ? -1 : 1)), ...issued];
    const cases: CertificateFilter[] = [
      { principal: 'key:0', name: '*.even.example' },
      { principal: 'key:1', name: '*.example', subject: 'ltd' },
      { principal: 'key:9', name: '*.even.example', status: 'valid' },
      { status: 'valid' },
      { status: 'expired' },
      { expiring: { from: NOW }, profile: 'profile 1' },
    ];
    for (const filter of cases) {
      const expected = all.filter((certificate) => matches(certificate, filter));
      for (const order of ['oldest-first', 'newest-first', 'expiring-first'] as const) {
        const ids = await idsInPages(store, queryOf(filter, { order, limit: 500 }));
        t.same(ids, idsIn(order, expected), `${order}: ${JSON.stringify(filter)}`);
      }
    }
  });

  test('an export has every certificate with its DER', async (t, store) => {
    const key = await createAuthority(store);
    const issued = await Promise.all(
      Array.from({ length: 120 }, () => issue(store, key, { der: octets(50) })),
    );
    const pages: (readonly Certificate[])[] = [];
    for await (const page of store.exportCertificates(queryOf({ profile: 'server' }))) pages.push(page);
    t.same(
      pages.map(({ length }) => length),
      [50, 50, 20],
    );
    const byId = issued.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    t.same(pages.flat(), byId, 'equal times are ordered by id');
  });
}

/** In the order of `issuedAt`, then `id`; several have the same time. */
async function issueMany(store: Store): Promise<Certificate[]> {
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
  return issued.toSorted((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime() || (a.id < b.id ? -1 : 1));
}

const filters = (issued: readonly Certificate[]): fc.Arbitrary<CertificateFilter> =>
  fc.record(
    {
      profile: fc.constantFrom('profile 0', 'profile 1', 'none'),
      principal: fc.constantFrom('key:0', 'key:1'),
      authorityId: fc.constantFrom(...issued.map(({ authorityId }) => authorityId)),
      status: fc.constantFrom('valid', 'expired'),
      name: fc.constantFrom('*.even.example', '*.example', 'host-4.even.example'),
      subject: fc.constantFrom('fourth', 'ltd host', 'host 8'),
      issued: period(),
      expiring: period(),
    },
    { requiredKeys: [] },
  );

const period = () => fc.record({ from: days(), to: days() }, { requiredKeys: [] });

const days = () => fc.integer({ min: -12, max: 32 }).map((count) => new Date(NOW.getTime() + count * DAY));

/** The filter by other means. */
function matches(certificate: Certificate, filter: CertificateFilter): boolean {
  const { subject, names, notAfter, issuedAt, profile, principal, authorityId } = certificate;
  const words = subject.toLowerCase().split(/\W+/);
  const isIn = (date: Date, { from = new Date(0), to = new Date(8e15) } = {}): boolean =>
    date >= from && date < to;
  return (
    (filter.profile ?? profile) === profile &&
    (filter.principal ?? principal) === principal &&
    (filter.authorityId ?? authorityId) === authorityId &&
    (filter.status === undefined || (filter.status === 'valid') === notAfter >= NOW) &&
    (filter.name === undefined ||
      names.some(({ value }) => value.endsWith(filter.name?.replace('*', '') ?? ''))) &&
    (filter.subject === undefined || filter.subject.split(' ').every((word) => words.includes(word))) &&
    isIn(issuedAt, filter.issued) &&
    isIn(notAfter, filter.expiring)
  );
}

/** The ids of certificates that are sorted by their time, then by their id. */
const idsIn = (order: CertificateQuery['order'], sorted: readonly Certificate[]): string[] => {
  const ids = (order === 'expiring-first' ? sorted.toSorted(byExpiry) : sorted).map(({ id }) => id);
  return order === 'newest-first' ? ids.toReversed() : ids;
};

const byExpiry = (a: Certificate, b: Certificate): number =>
  a.notAfter.getTime() - b.notAfter.getTime() || (a.id < b.id ? -1 : 1);

async function idsInPages(store: Store, query: CertificateQuery): Promise<string[]> {
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
