import { randomUUID } from 'node:crypto';
import type { NewRevocation, Revocation, Store } from '../../../src/storage/ports.ts';
import {
  certificateOf,
  createAuthority,
  daysFrom,
  event,
  idempotencyKey,
  issue,
  NOW,
  octets,
  reservationOf,
} from '../samples.ts';
import type { Testing } from './testing.ts';

const LATER = daysFrom(NOW, 1);

export const revocationOf = (id: string, members: Partial<NewRevocation> = {}): NewRevocation => ({
  id,
  reason: 1,
  revokedAt: LATER,
  principal: 'key:two',
  audit: event('certificate/revoke', { certificate: id }),
  ...members,
});

const releaseOf = (id: string) => ({ id, at: LATER, audit: event('certificate/release') });

export function testRevocation(test: Testing): void {
  test('a revocation is stored with its audit record and the revision', async (t, store) => {
    const key = await createAuthority(store);
    const { id, serial, notAfter } = await issue(store, key);
    const { authorityKeyId } = key;
    t.match(await store.serialStatus({ id }), { ...key, id, serial, status: 'issued', notAfter });
    t.equal(await store.revocationRevision(authorityKeyId), 0);
    const invalidityDate = daysFrom(NOW, -1);
    const order = revocationOf(id, { invalidityDate });
    const revocation: Revocation = {
      ...key,
      id,
      serial,
      reason: 1,
      revokedAt: LATER,
      invalidityDate,
      notAfter,
      principal: 'key:two',
      revision: 1,
    };
    t.same(await store.revoke(order), { outcome: 'revoked', revocation });
    t.same(await store.revoke(order), { outcome: 'already-revoked', revocation });
    t.same(await store.revoke(revocationOf(id, { reason: 4 })), { outcome: 'already-revoked', revocation });
    t.same(await store.revoke(revocationOf(id, { reason: 6 })), { outcome: 'already-revoked', revocation });
    t.same(await store.release(releaseOf(id)), { outcome: 'final', revocation });
    const status = { ...key, id, serial, notAfter, principal: 'key:one', status: 'revoked', revocation };
    for (const query of [{ id }, { serial, authorityId: key.authorityId }, { serial, authorityKeyId }])
      t.same(await store.serialStatus(query), status);
    t.match(await store.getCertificate(id), { revokedAt: LATER, revocationReason: 1 });
    t.equal(await store.revocationRevision(authorityKeyId), 1);
    t.equal((await store.auditHead()).sequence, 3, 'what changes nothing is not recorded');
    const query = { now: NOW, order: 'newest-first', limit: 5 } as const;
    t.match(await store.searchCertificates({ filter: { status: 'revoked' }, ...query }), [{ id }]);
    t.same(await store.searchCertificates({ filter: { status: 'valid' }, ...query }), []);
  });

  test('a serial number of another authority or key is unknown', async (t, store) => {
    const { serial } = await issue(store, await createAuthority(store));
    const other = await createAuthority(store);
    t.equal(await store.serialStatus({ serial, authorityId: other.authorityId }), undefined);
    t.equal(await store.serialStatus({ serial, authorityKeyId: other.authorityKeyId }), undefined);
    t.equal(await store.serialStatus({ serial: octets(20), authorityId: other.authorityId }), undefined);
    t.equal(await store.serialStatus({ id: randomUUID() }), undefined);
    t.same(await store.revoke(revocationOf(randomUUID())), { outcome: 'not-found' });
    t.same(await store.release(releaseOf(randomUUID())), { outcome: 'not-found' });
  });

  test('a hold ends, or becomes final with its own time', async (t, store) => {
    const key = await createAuthority(store);
    const { id } = await issue(store, key);
    t.same(await store.release(releaseOf(id)), { outcome: 'not-revoked' });
    const hold = await store.revoke(revocationOf(id, { reason: 6 }));
    t.match(hold, { outcome: 'revoked', revocation: { reason: 6, revision: 1 } });
    t.match(await store.getCertificate(id), { revokedAt: LATER, revocationReason: 6 });
    t.match(await store.release(releaseOf(id)), { outcome: 'released', revocation: { reason: 6 } });
    t.match(await store.serialStatus({ id }), { status: 'issued' });
    t.notOk('revokedAt' in ((await store.getCertificate(id)) ?? {}));
    t.same(await store.listRevocations({ authorityKeyId: key.authorityKeyId, limit: 5 }), []);
    await store.revoke(revocationOf(id, { reason: 6 }));
    const final = await store.revoke(revocationOf(id, { reason: 4, revokedAt: daysFrom(NOW, 9) }));
    t.match(final, {
      outcome: 'revoked',
      revocation: { reason: 4, revokedAt: LATER, revision: 4 },
      held: { reason: 6, revision: 3 },
    });
    t.match(await store.getCertificate(id), { revokedAt: LATER, revocationReason: 4 });
    t.match(await store.listRevocationRevisions(), [
      { authorityKeyId: key.authorityKeyId, revision: 4, changedAt: daysFrom(NOW, 9) },
    ]);
  });

  test('a hold belongs to who placed it, or took it over', async (t, store) => {
    const key = await createAuthority(store);
    const { id } = await issue(store, key);
    await store.revoke(revocationOf(id, { reason: 6, principal: 'key:one' }));
    t.match(await store.release({ ...releaseOf(id), heldBy: 'key:two' }), {
      outcome: 'held-by-other',
      revocation: { principal: 'key:one' },
    });
    const taken = revocationOf(id, { reason: 6, principal: 'key:two', revokedAt: daysFrom(NOW, 9) });
    t.match(await store.revoke({ ...taken, takesHoldOf: 'key:three' }), { outcome: 'already-revoked' });
    t.match(await store.revoke({ ...taken, takesHoldOf: 'key:one' }), {
      outcome: 'revoked',
      revocation: { reason: 6, principal: 'key:two', revokedAt: LATER },
    });
    t.match(await store.revoke({ ...taken, takesHoldOf: 'key:one' }), { outcome: 'already-revoked' });
    t.match(await store.release({ ...releaseOf(id), heldBy: 'key:one' }), { outcome: 'held-by-other' });
    t.match(await store.release({ ...releaseOf(id), heldBy: 'key:two' }), { outcome: 'released' });
  });

  test('a serial number that is only reserved is revoked, and gets no certificate', async (t, store) => {
    const key = await createAuthority(store);
    const idempotency = idempotencyKey();
    const reservation = reservationOf(key, { idempotency });
    const { id, serial } = reservation;
    await store.reserve(reservation);
    t.match(await store.serialStatus({ id }), { status: 'reserved', serial });
    const revoked = await store.revoke(revocationOf(id));
    t.match(revoked, { outcome: 'revoked', revocation: { serial } });
    t.notOk('revocation' in revoked && 'notAfter' in revoked.revocation);
    const completion = { certificate: certificateOf(reservation), audit: event() };
    t.equal(await store.complete(completion), 'not-reserved');
    t.equal((await store.counts(NOW, [])).openReservations, 0);
    t.equal(await store.findIdempotent(idempotency), undefined, 'the request can be repeated');
    const abandoned = reservationOf(key);
    await store.reserve(abandoned);
    const abandonment = { reservationId: abandoned.id, at: NOW, reason: 'lost', audit: event() };
    await store.abandon(abandonment);
    t.match(await store.revoke(revocationOf(abandoned.id)), { outcome: 'revoked' });
    t.match(await store.serialStatus({ id: abandoned.id }), { status: 'revoked' });
  });

  test('revocations are listed by serial number in pages, until their certificate ended', async (t, store) => {
    const key = await createAuthority(store);
    const { authorityKeyId } = key;
    const serials = [0x40, 0x10, 0x30, 0x20].map((octet) => octets(9).fill(octet, 0, 1));
    for (const [index, serial] of serials.entries())
      await issueRevoked(store, key, serial, daysFrom(NOW, index));
    await issueRevoked(store, await createAuthority(store), octets(9).fill(0x15, 0, 1), NOW);
    const firsts = async (page: { readonly after?: Uint8Array; readonly notAfterFrom?: Date }, limit = 9) =>
      (await store.listRevocations({ authorityKeyId, limit, ...page })).map(({ serial }) => serial[0]);
    t.strictSame(await firsts({}), [0x10, 0x20, 0x30, 0x40]);
    t.strictSame(await firsts({}, 2), [0x10, 0x20]);
    t.strictSame(await firsts({ after: serials[3] ?? octets(1) }), [0x30, 0x40]);
    const notAfterFrom = daysFrom(NOW, 2);
    t.strictSame(await firsts({ notAfterFrom }), [0x20, 0x30]);
    t.equal(await store.revocationCount({ authorityKeyId, notAfterFrom }), 2);
    t.equal(await store.revocationCount({ authorityKeyId }), 4);
    const reserved = reservationOf(key);
    await store.reserve(reserved);
    await store.revoke(revocationOf(reserved.id));
    t.equal(await store.revocationCount({ authorityKeyId, notAfterFrom }), 3, 'it has no end');
  });

  test('an authority is disabled in the transaction of a revocation', async (t, store) => {
    const { id } = await issue(store, await createAuthority(store), { isAuthority: true });
    const below = await createAuthority(store);
    await store.revoke(revocationOf(id, { disabling: [below.authorityId] }));
    t.match(await store.getAuthority(below.authorityId), { status: 'disabled', revision: 2 });
    t.same(await store.reserve(reservationOf(below)), { outcome: 'authority-unavailable' });
  });

  test('a certificate is revoked once, however many try at the same time', async (t, store) => {
    const key = await createAuthority(store);
    const { id } = await issue(store, key);
    const reasons = [1, 3, 4, 5] as const;
    const results = await Promise.all(reasons.map((reason) => store.revoke(revocationOf(id, { reason }))));
    t.same(results.filter(({ outcome }) => outcome === 'revoked').length, 1);
    const winner = await store.serialStatus({ id });
    for (const result of results)
      t.match(result, { revocation: { reason: winner?.revocation?.reason ?? -1 } });
    t.equal((await store.auditHead()).sequence, 3);
    const certificate = await store.getCertificate(id);
    t.equal(certificate?.revocationReason, winner?.revocation?.reason);
  });
}

async function issueRevoked(
  store: Store,
  key: { readonly authorityId: string; readonly authorityKeyId: string },
  serial: Uint8Array,
  notAfter: Date,
): Promise<void> {
  const { id } = await issue(store, key, { serial, notAfter });
  await store.revoke(revocationOf(id));
}
