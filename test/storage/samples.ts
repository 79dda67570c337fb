/** Inputs of the store. Their octets are random: the store does not read them. */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type {
  AuditEvent,
  AuditRecord,
  Certificate,
  IdempotencyKey,
  NewAuthority,
  NewReservation,
  Store,
} from '../../src/storage/ports.ts';

export const NOW = new Date('2026-05-01T12:00:00.250Z');
export const DAY = 86_400_000;

export const daysFrom = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY);

export const octets = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

export const sha256 = (value: Uint8Array | string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(value).digest());

export const event = (action = 'test', details: AuditEvent['details'] = {}): AuditEvent => ({
  at: NOW,
  action,
  outcome: 'success',
  principal: 'key:one',
  details,
});

export const newAuthority = (name: string, members: Partial<NewAuthority> = {}): NewAuthority => ({
  authority: {
    id: randomUUID(),
    name,
    status: 'enabled',
    settings: { crl: ['http://crl.example.com/1.crl'], a: { z: 1, b: null } },
    createdAt: NOW,
  },
  key: {
    id: randomUUID(),
    state: 'active',
    algorithm: 'ML-DSA-65',
    publicKey: octets(1974),
    sealed: octets(92),
    certificate: octets(5500),
    chain: [octets(5500), octets(5400)],
    createdAt: NOW,
  },
  audit: event('authority/create', { name }),
  ...members,
});

/** Creates an authority, and returns what a reservation needs. */
export async function createAuthority(store: Store, name = randomUUID()): Promise<SigningKey> {
  const creation = newAuthority(name);
  await store.createAuthority(creation);
  return { authorityId: creation.authority.id, authorityKeyId: creation.key.id };
}

export interface SigningKey {
  readonly authorityId: string;
  readonly authorityKeyId: string;
}

export const reservationOf = (key: SigningKey, members: Partial<NewReservation> = {}): NewReservation => ({
  ...key,
  id: randomUUID(),
  serial: octets(20).fill(0x5a, 0, 1),
  tbsDigest: octets(32),
  principal: 'key:one',
  profile: 'server',
  profileVersion: 1,
  requestedAt: NOW,
  ...members,
});

/** The certificate of a reservation. */
export function certificateOf(reservation: NewReservation, members: Partial<Certificate> = {}): Certificate {
  const der = members.der ?? octets(5500);
  const { tbsDigest: _, requestedAt: __, idempotency: ___, ...reserved } = reservation;
  return {
    ...reserved,
    sha256: sha256(der),
    subject: 'CN=www.example.com,O=Acme Europe Ltd',
    names: [{ type: 'dns', value: 'www.example.com' }],
    notBefore: NOW,
    notAfter: daysFrom(NOW, 90),
    issuedAt: NOW,
    keyId: octets(32),
    keyAlgorithm: 'ML-DSA-65',
    isAuthority: false,
    der,
    ...members,
  };
}

/** Reserves and completes. Returns the certificate. */
export async function issue(
  store: Store,
  key: SigningKey,
  members: Partial<Certificate> = {},
  reserved: Partial<NewReservation> = {},
): Promise<Certificate> {
  const reservation = reservationOf(key, { ...pick(members), ...reserved });
  const { outcome } = await store.reserve(reservation);
  if (outcome !== 'reserved') throw new Error(`Expected reserved, got ${outcome}`);
  const certificate = certificateOf(reservation, members);
  const stored = await store.complete({
    certificate,
    audit: event('certificate/issue', { id: reservation.id }),
  });
  if (stored !== 'stored') throw new Error(`Expected stored, got ${stored}`);
  return certificate;
}

/** The members that the reservation has too. */
const pick = ({ id, serial, principal, profile }: Partial<Certificate>): Partial<NewReservation> => ({
  ...(id !== undefined && { id }),
  ...(serial !== undefined && { serial }),
  ...(principal !== undefined && { principal }),
  ...(profile !== undefined && { profile }),
});

export const idempotencyKey = (members: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  principal: 'key:one',
  key: randomUUID(),
  route: 'POST /certificates',
  requestDigest: sha256('the request'),
  ...members,
});

/** Every record of the chain. */
export async function* auditOf(store: Store): AsyncGenerator<AuditRecord> {
  let after = 0;
  for (;;) {
    const page = await store.readAudit({ after, limit: 500 });
    if (page.length === 0) return;
    yield* page;
    after = page.at(-1)?.sequence ?? 0;
  }
}

export async function recordsOf(store: Store): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of auditOf(store)) records.push(record);
  return records;
}
