import type { Testing } from './testing.ts';
import {
  certificateOf,
  createAuthority,
  event,
  idempotencyKey,
  issue,
  newAuthority,
  NOW,
  reservationOf,
  sha256,
  daysFrom,
} from '../samples.ts';

export function testIdempotency(test: Testing): void {
  test('a request with an Idempotency-Key is run once', async (t, store) => {
    const key = await createAuthority(store);
    const idempotency = idempotencyKey();
    t.equal(await store.findIdempotent(idempotency), undefined);
    const attempts = await Promise.all(
      Array.from({ length: 10 }, () => store.reserve(reservationOf(key, { idempotency }))),
    );
    t.equal(attempts.filter(({ outcome }) => outcome === 'reserved').length, 1);
    t.equal(attempts.filter(({ outcome }) => outcome === 'in-progress').length, 9);
    const [reservation] = await store.listOpenReservations({ before: daysFrom(NOW, 1), limit: 20 });
    if (reservation === undefined) throw new Error('There must be a reservation');
    t.equal((await store.counts(NOW, [])).openReservations, 1, 'the others reserved nothing');
    const inProgress = { outcome: 'in-progress', reservationId: reservation.id, since: NOW };
    t.same(await store.findIdempotent(idempotency), inProgress);
    const other = { ...idempotency, requestDigest: sha256('another request') };
    t.same(await store.findIdempotent(other), { outcome: 'other-request' });
    t.same(await store.reserve(reservationOf(key, { idempotency: other })), { outcome: 'other-request' });
    await store.complete({ certificate: certificateOf(reservation), audit: event() });
    const replayed = { outcome: 'replayed', result: reservation.id };
    t.same(await store.findIdempotent(idempotency), replayed);
    t.same(await store.reserve(reservationOf(key, { idempotency })), replayed);
  });

  test('a key belongs to a principal and a route', async (t, store) => {
    const key = await createAuthority(store);
    const idempotency = idempotencyKey();
    const keys = [
      idempotency,
      { ...idempotency, principal: 'key:two' },
      { ...idempotency, route: 'POST /other' },
    ];
    for (const idempotency of keys) {
      t.same(await store.reserve(reservationOf(key, { idempotency })), { outcome: 'reserved' });
    }
  });

  test('a key can be used again when nothing was issued', async (t, store) => {
    const key = await createAuthority(store);
    const idempotency = idempotencyKey();
    const { serial } = await issue(store, key);
    t.same(await store.reserve(reservationOf(key, { idempotency, serial })), { outcome: 'serial-taken' });
    t.equal(await store.findIdempotent(idempotency), undefined);
    const reservation = reservationOf(key, { idempotency });
    await store.reserve(reservation);
    await store.abandon({ reservationId: reservation.id, at: NOW, reason: 'failed', audit: event() });
    t.same(await store.reserve(reservationOf(key, { idempotency })), { outcome: 'reserved' });
  });

  test('an authority is created once, and keys are forgotten', async (t, store) => {
    const idempotency = idempotencyKey();
    const creation = newAuthority('Root', { idempotency });
    t.match(await store.createAuthority(creation), { outcome: 'created' });
    const replayed = { outcome: 'replayed', result: creation.authority.id };
    t.same(await store.createAuthority(newAuthority('Root', { idempotency })), replayed);
    await store.reserve(
      reservationOf(
        { authorityId: creation.authority.id, authorityKeyId: creation.key.id },
        { idempotency: idempotencyKey() },
      ),
    );
    const forget = (before: Date, limit = 10) => store.forgetIdempotencyKeys({ before, limit });
    t.equal(await forget(NOW), 0);
    const [other, tomorrow] = [idempotencyKey(), daysFrom(NOW, 1)];
    await store.createAuthority(newAuthority('Other', { idempotency: other }));
    t.same(
      [await forget(tomorrow, 1), await forget(tomorrow)],
      [1, 1],
      'few at a time; one in progress is kept',
    );
    for (const key of [idempotency, other]) t.equal(await store.findIdempotent(key), undefined);
  });
}
