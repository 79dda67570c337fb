import * as fc from 'fast-check';
import type { Certificate, CertificateFilter } from '../../../src/storage/ports.ts';
import { createAuthority, DAY, daysFrom, issue, NOW, octets } from '../samples.ts';
import {
  byIssue,
  checkPages,
  dns,
  idsIn,
  idsInPages,
  issueFillers,
  issueMany,
  matches,
  queryOf,
} from './slow-search.ts';
import type { Testing } from './testing.ts';

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
    const fillers = await issueFillers(store, 2100, { issuedAt: daysFrom(NOW, -1) });
    const issued = await issueMany(store);
    const all = [...fillers, ...issued];
    const cases: CertificateFilter[] = [
      { principal: 'key:0', name: '*.even.example' },
      { principal: 'key:1', name: '*.example', subject: 'ltd' },
      { principal: 'key:9', name: '*.even.example', status: 'valid' },
      { status: 'valid' },
      { status: 'expired' },
      { expiring: { from: NOW }, profile: 'profile 1' },
    ];
    for (const filter of cases) await checkPages(t, store, all, filter);
  });

  // A search for what expires first then walks along all certificates, because these are frequent among the newest.
  test('names of the newest certificates have the same pages', async (t, store) => {
    const issued = await issueMany(store);
    const newest = { issuedAt: daysFrom(NOW, 20) };
    const first = await issueFillers(store, 2100, { ...newest, notAfter: daysFrom(NOW, -11) }, 'first');
    const last = await issueFillers(store, 300, { ...newest, notAfter: daysFrom(NOW, 60) }, 'last');
    const all = [...issued, ...[...first, ...last].toSorted((a, b) => (a.id < b.id ? -1 : 1))];
    const cases: CertificateFilter[] = [
      { name: '*.example' },
      { name: '*.first.example' },
      // More than the longest walk are before these.
      { name: '*.last.example' },
      { name: '*.last.example', principal: 'key:9' },
      { name: '*.last.example', principal: 'key:0' },
      {
        name: '*.last.example',
        subject: 'ltd',
        profile: 'profile 9',
        expiring: { from: daysFrom(NOW, -20) },
      },
      { name: '*.example', status: 'valid' },
    ];
    for (const filter of cases) await checkPages(t, store, all, filter, ['expiring-first']);
  });

  // The first certificates of the name in the order of expiry are not valid yet, so none of the first ones is found.
  test('the first certificates of a name need not match', async (t, store) => {
    const issued = await issueMany(store);
    const fillers = await issueFillers(store, 300, {
      issuedAt: daysFrom(NOW, 4),
      notBefore: daysFrom(NOW, 1),
      notAfter: NOW,
    });
    const all = [...fillers, ...issued].toSorted(byIssue);
    const name = '*.even.example';
    const cases: CertificateFilter[] = [
      { name, status: 'valid' },
      { name, status: 'valid', subject: 'ltd' },
      { name, status: 'revoked' },
      { name },
    ];
    for (const filter of cases)
      for (const limit of [1, 3, 50]) await checkPages(t, store, all, filter, ['expiring-first'], limit);
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
