import type { StoredCrl } from '../../../src/storage/ports.ts';
import { createAuthority, daysFrom, event, NOW, octets, sha256 } from '../samples.ts';
import type { Testing } from './testing.ts';

function crlOf(authorityKeyId: string, members: Partial<StoredCrl> = {}): StoredCrl {
  const der = octets(3000);
  return {
    authorityKeyId,
    scope: '',
    number: 1,
    revision: 0,
    thisUpdate: NOW,
    nextUpdate: daysFrom(NOW, 7),
    entries: 0,
    sha256: sha256(der),
    der,
    ...members,
  };
}

export function testCrls(test: Testing): void {
  test('a CRL is replaced by the next one only, and time does not go back', async (t, store) => {
    const { authorityKeyId } = await createAuthority(store);
    const publish = (members: Partial<StoredCrl>) =>
      store.publishCrl({ crl: crlOf(authorityKeyId, members), audit: event('crl/publish') });
    t.equal(await store.getCrl({ authorityKeyId, scope: '' }), undefined);
    t.equal(await publish({ number: 2 }), 'outdated');
    const first = crlOf(authorityKeyId, { revision: 3 });
    t.equal(await store.publishCrl({ crl: first, audit: event('crl/publish') }), 'published');
    t.same(await store.getCrl({ authorityKeyId, scope: '' }), first);
    const outdated: Partial<StoredCrl>[] = [
      { number: 1, revision: 4 },
      { number: 3, revision: 4 },
      { number: 2, revision: 2 },
      { number: 2, revision: 3, thisUpdate: new Date(NOW.getTime() - 1) },
    ];
    for (const members of outdated) t.equal(await publish(members), 'outdated', JSON.stringify(members));
    t.same(await store.getCrl({ authorityKeyId, scope: '' }), first);
    const results = await Promise.all([1, 2].map(() => publish({ number: 2, revision: 3, entries: 5 })));
    t.strictSame(results.toSorted(), ['outdated', 'published']);
    await publish({ scope: 'a' });
    t.match(await store.listCrls(), [
      { authorityKeyId, scope: '', number: 2, revision: 3, entries: 5 },
      { authorityKeyId, scope: 'a', number: 1 },
    ]);
    t.equal((await store.auditHead()).sequence, 4);
  });

  test('one process has a lease, until it ends', async (t, store) => {
    const claim = (holder: string, hours: number) =>
      store.claimLease({
        name: 'crl',
        holder,
        now: daysFrom(NOW, hours / 24),
        until: daysFrom(NOW, (hours + 1) / 24),
      });
    const claims = await Promise.all(['a', 'b', 'c'].map((holder) => claim(holder, 0)));
    t.equal(claims.filter(Boolean).length, 1);
    const winner = 'abc'[claims.indexOf(true)] ?? '';
    t.equal(await claim(winner, 0.5), true, 'prolonged');
    t.equal(await claim('d', 1), false);
    t.equal(await claim('d', 1.5), true);
    t.equal(await claim(winner, 1.6), false);
    const ended = (holder: string) =>
      store.claimLease({ name: 'crl', holder, now: daysFrom(NOW, 2.4 / 24), until: new Date(0) });
    t.equal(await ended(winner), false, 'nobody ends the lease of another');
    t.equal(await claim(winner, 2.4), false);
    t.equal(await ended('d'), true, 'its holder gives it back');
    t.equal(await claim(winner, 2.4), true);
    const other = { name: 'other', holder: winner, now: NOW, until: daysFrom(NOW, 1) };
    t.equal(await store.claimLease(other), true);
  });
}
