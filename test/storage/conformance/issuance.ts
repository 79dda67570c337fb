import { randomUUID } from 'node:crypto';
import type { Testing } from './testing.ts';
import { verifyAuditChain } from '../../../src/storage/audit-chain.ts';
import {
  certificateOf,
  createAuthority,
  event,
  issue,
  NOW,
  octets,
  reservationOf,
  auditOf,
  recordsOf,
  daysFrom,
} from '../samples.ts';

export function testIssuance(test: Testing): void {
  test('a serial number is reserved once, and then has a certificate', async (t, store) => {
    const key = await createAuthority(store);
    const reservation = reservationOf(key);
    t.same(await store.reserve(reservation), { outcome: 'reserved' });
    t.same(await store.reserve(reservation), { outcome: 'reserved' }, 'a retry of the same call');
    t.same(await store.reserve(reservationOf(key, { serial: reservation.serial })), {
      outcome: 'serial-taken',
    });
    t.same(await store.listOpenReservations({ before: daysFrom(NOW, 1), limit: 5 }), [reservation]);
    t.same(await store.listOpenReservations({ before: NOW, limit: 5 }), []);
    const completion = { certificate: certificateOf(reservation), audit: event('certificate/issue') };
    t.equal(await store.complete(completion), 'stored');
    t.equal(await store.complete(completion), 'stored', 'a retry of the same call');
    t.equal((await store.auditHead()).sequence, 2, 'the retry is not recorded again');
    t.equal(await store.complete({ ...completion, certificate: certificateOf(reservation) }), 'not-reserved');
    t.same(await store.getCertificate(reservation.id), completion.certificate);
    t.same(await store.findCertificate(key.authorityId, reservation.serial), completion.certificate);
    t.equal(await store.findCertificate(randomUUID(), reservation.serial), undefined);
    t.same(await store.listOpenReservations({ before: daysFrom(NOW, 1), limit: 5 }), []);
    t.same(await store.reserve(reservationOf(key, { serial: reservation.serial })), {
      outcome: 'serial-taken',
    });
  });

  test('nothing is stored without its reservation', async (t, store) => {
    const key = await createAuthority(store);
    const reservation = reservationOf(key);
    const certificate = certificateOf(reservation);
    t.equal(await store.complete({ certificate, audit: event() }), 'not-reserved');
    await store.reserve(reservation);
    const others = [{ serial: octets(20) }, { authorityId: randomUUID() }];
    for (const other of others) {
      t.equal(
        await store.complete({ certificate: { ...certificate, ...other }, audit: event() }),
        'not-reserved',
      );
    }
    t.equal(await store.getCertificate(reservation.id), undefined);
    t.equal((await store.auditHead()).sequence, 1);
  });

  test('an abandoned serial number is never used again', async (t, store) => {
    const key = await createAuthority(store);
    const reservation = reservationOf(key);
    await store.reserve(reservation);
    const abandonment = {
      reservationId: reservation.id,
      at: NOW,
      reason: 'lost',
      audit: event('certificate/abandon'),
    };
    t.equal(await store.abandon(abandonment), 'abandoned');
    t.equal(await store.abandon(abandonment), 'not-reserved');
    t.equal(
      await store.complete({ certificate: certificateOf(reservation), audit: event() }),
      'not-reserved',
    );
    t.same(await store.reserve(reservation), { outcome: 'serial-taken' });
    t.equal((await store.counts(NOW, [])).openReservations, 0);
  });

  test('a disabled authority reserves nothing', async (t, store) => {
    const key = await createAuthority(store);
    await store.updateAuthority({ id: key.authorityId, status: 'disabled', audit: event() });
    t.same(await store.reserve(reservationOf(key)), { outcome: 'authority-unavailable' });
    t.same(await store.reserve(reservationOf({ ...key, authorityId: randomUUID() })), {
      outcome: 'authority-unavailable',
    });
    await store.updateAuthority({ id: key.authorityId, status: 'enabled', audit: event() });
    t.same(await store.reserve(reservationOf(key)), { outcome: 'reserved' });
  });

  test('200 certificates are issued at the same time, and each is in the chain once', async (t, store) => {
    const key = await createAuthority(store);
    const issued = await Promise.all(Array.from({ length: 200 }, () => issue(store, key)));
    t.equal(new Set(issued.map(({ serial }) => Buffer.from(serial).toString('hex'))).size, 200);
    t.match(await store.counts(NOW, [1, 91]), { certificates: 200, expiring: [0, 200], openReservations: 0 });
    const records = await recordsOf(store);
    t.same(new Set(records.slice(1).map(({ details }) => details.id)), new Set(issued.map(({ id }) => id)));
    const verdict = await verifyAuditChain(records, { head: await store.auditHead() });
    t.match(verdict, { valid: true, head: { sequence: 201 } });
  });

  test('an error of one call does not affect those of the same commit', async (t, store) => {
    const key = await createAuthority(store);
    const reservations = Array.from({ length: 20 }, () => reservationOf(key));
    for (const reservation of reservations) await store.reserve(reservation);
    const [twin] = reservations;
    const der = octets(100);
    // The same bytes twice: SHA-256 is unique, and no caller can produce this without a bug.
    const completions = reservations.map((reservation, index) =>
      certificateOf(reservation, index < 2 ? { der } : {}),
    );
    const results = await Promise.allSettled(
      completions.map((certificate) => store.complete({ certificate, audit: event('certificate/issue') })),
    );
    t.same(
      results.map(({ status }) => status).filter((status) => status === 'rejected'),
      ['rejected'],
    );
    t.equal((await store.counts(NOW, [])).certificates, 19);
    t.ok(twin);
    t.match(await verifyAuditChain(auditOf(store)), { valid: true, head: { sequence: 20 } });
  });
}
