/** What the list of certificates, the list of the audit records and the keys of the service need. */

import { randomUUID } from 'node:crypto';
import type { AuditPlace, AuditQuery, CertificateCursor, Store } from '../../../src/storage/ports.ts';
import { createAuthority, daysFrom, event, issue, NOW, octets, recordsOf } from '../samples.ts';
import type { Testing } from './testing.ts';

export function testRecords(test: Testing): void {
  test('a certificate of another principal is as missing as one that does not exist', async (t, store) => {
    const { id } = await issue(store, await createAuthority(store), { principal: 'key:one' });
    t.equal((await store.getCertificate(id, 'key:one'))?.id, id);
    t.equal((await store.getCertificate(id))?.id, id);
    t.equal(await store.getCertificate(id, 'key:two'), undefined);
    t.equal(await store.getCertificate(randomUUID(), 'key:two'), undefined);
  });

  test('what expires first comes first, in pages and with other filters', async (t, store) => {
    const key = await createAuthority(store);
    const days = [40, 10, 10, 30, 20, -1];
    for (const day of days) {
      const names = [{ type: 'dns', value: day === 10 ? 'ten.example' : 'other.example' }];
      await issue(store, key, { notBefore: daysFrom(NOW, -2), notAfter: daysFrom(NOW, day), names });
    }
    t.strictSame(await expiring(store, {}), [-1, 10, 10, 20, 30, 40]);
    t.strictSame(
      await expiring(store, { status: 'valid', expiring: { to: daysFrom(NOW, 30) } }),
      [10, 10, 20],
    );
    t.strictSame(await expiring(store, { name: 'ten.example' }), [10, 10]);
    t.strictSame(await expiring(store, { name: '*.example', subject: 'acme' }), [-1, 10, 10, 20, 30, 40]);
  });

  test('the audit records are searched, the newest first', async (t, store) => {
    const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
    await store.appendAudit({ ...event('a', { authority: 'one' }), at: at(1) });
    await store.appendAudit({ ...event('b', { authority: 'two' }), at: at(3), principal: 'key:two' });
    await store.appendAudit({ ...event('a', {}), at: at(2), outcome: 'refused' });
    await store.appendAudit({ ...event('a', { authority: { is: 'no text' } }), at: at(3) });
    const found = async (filter: AuditQuery['filter'], after?: AuditPlace, limit = 10) =>
      (await store.searchAudit({ filter, limit, ...(after && { after }) })).map(({ sequence }) => sequence);
    t.strictSame(await found({}), [4, 2, 3, 1]);
    t.strictSame(await found({ action: 'a' }), [4, 3, 1]);
    t.strictSame(await found({ action: 'none' }), []);
    t.strictSame(await found({ outcome: 'refused' }), [3]);
    t.strictSame(await found({ principal: 'key:two' }), [2]);
    t.strictSame(await found({ authority: 'one' }), [1]);
    t.strictSame(await found({ authority: 'none' }), []);
    t.strictSame(await found({ period: { from: at(2), to: at(3) } }), [3]);
    t.strictSame(await found({}, { at: at(3), sequence: 4 }, 2), [2, 3]);
    t.strictSame(await found({}, { at: at(1), sequence: 1 }), []);
  });

  test('the last checkpoint is the one with the highest sequence', async (t, store) => {
    t.equal(await store.lastCheckpoint(), undefined);
    for (const sequence of [2, 7, 5])
      await store.addCheckpoint({ sequence, hash: octets(32), createdAt: NOW, statement: octets(9) });
    t.equal((await store.lastCheckpoint())?.sequence, 7);
  });

  test('there is one key of the service for each purpose, and its sealed form is replaced', async (t, store) => {
    t.equal(await store.getServiceKey('audit'), undefined);
    const key = {
      id: randomUUID(),
      purpose: 'audit',
      algorithm: 'ml-dsa-65',
      publicKey: octets(1974),
      sealed: octets(92),
      createdAt: NOW,
    } as const;
    t.equal(await store.addServiceKey({ key, audit: event('audit/create-key') }), 'added');
    t.equal(
      await store.addServiceKey({ key: { ...key, id: randomUUID() }, audit: event('audit/create-key') }),
      'conflict',
    );
    t.strictSame(await store.getServiceKey('audit'), key);
    const sealed = octets(92);
    const resealing = { id: key.id, expected: key.sealed, sealed, audit: event('audit/reseal-key') };
    t.equal(await store.resealServiceKey(resealing), 'changed');
    t.equal(await store.resealServiceKey(resealing), 'conflict');
    t.strictSame(await store.getServiceKey('audit'), { ...key, sealed });
    const actions = (await recordsOf(store)).map(({ action }) => action);
    t.strictSame(actions, ['audit/create-key', 'audit/reseal-key'], 'a conflict is not recorded');
  });
}

/** Days until each certificate expires, read in pages of two. */
async function expiring(store: Store, filter: Parameters<Store['searchCertificates']>[0]['filter']) {
  const days: number[] = [];
  let after: CertificateCursor | undefined;
  for (;;) {
    const page = await store.searchCertificates({
      filter,
      now: NOW,
      order: 'expiring-first',
      limit: 2,
      ...(after && { after }),
    });
    days.push(...page.map(({ notAfter }) => (notAfter.getTime() - NOW.getTime()) / 86_400_000));
    after = page.at(-1);
    if (page.length < 2) return days;
  }
}
