/**
 * A process that issues until it is killed. It prints a line for each step that the store confirmed, in one write, so
 * a killed process leaves no half line. Arguments: `sqlite` or `postgres`, the path or URL, and the timeout of a call.
 */

import { writeSync } from 'node:fs';
import { certificateOf, createAuthority, event, NOW, reservationOf, type SigningKey } from './samples.ts';
import type { Store } from '../../src/storage/ports.ts';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';

/** Certificates at the same time. */
const ISSUERS = 4;

const [, , kind, place = '', milliseconds] = process.argv;
const timeout = Number(milliseconds);
const { store, preparation } =
  kind === 'sqlite'
    ? sqliteStore({ path: databaseIn(place), timeout })
    : postgresStore({ url: place, timeout });
await preparation.done();
const key = await createAuthority(store);
print('ready');
await Promise.all(Array.from({ length: ISSUERS }, () => issueForever(store, key)));

async function issueForever(store: Store, key: SigningKey): Promise<never> {
  for (;;) {
    const reservation = reservationOf(key);
    const { outcome } = await store.reserve(reservation);
    if (outcome !== 'reserved') throw new Error(`Expected reserved, got ${outcome}`);
    print(`reserved ${reservation.id} ${Buffer.from(reservation.serial).toString('hex')}`);
    const audit = event('certificate/issue', { id: reservation.id });
    await store.complete({
      certificate: certificateOf(reservation),
      audit,
      webhooks: [webhookOf(reservation.id)],
    });
    print(`stored ${reservation.id}`);
    await revoke(store, reservation.id);
    print(`revoked ${reservation.id}`);
  }
}

function revoke(store: Store, id: string) {
  const webhooks = [webhookOf(`revoked-${id}`)];
  const audit = event('certificate/revoke', { id });
  return store.revoke({ id, reason: 1, revokedAt: NOW, principal: 'key:one', audit, webhooks });
}

function webhookOf(id: string) {
  const destination = 'https://one.example#1';
  return { id, eventId: id, destination, type: 'certificate.issued', body: '{}', createdAt: NOW };
}

function print(line: string): void {
  writeSync(1, `${line}\n`);
}
