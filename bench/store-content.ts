/** Certificates for the measurements of the store. Their octets are random: the store does not read them. */

import { createHash, randomBytes, randomInt, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { AuditEvent, Certificate, NewReservation, Store } from '../src/storage/ports.ts';

/** The length of a certificate with an ML-DSA-65 key and signature. */
const DER_LENGTH = 5500;

const DAY = 86_400_000;
const PRINCIPALS = 50;
const PROFILES = ['server', 'client', 'device'];

export interface SigningKey {
  readonly authorityId: string;
  readonly authorityKeyId: string;
}

const event = (action: string, id: string): AuditEvent => ({
  at: new Date(),
  action,
  outcome: 'success',
  principal: 'key:bench',
  details: { id },
});

export async function createAuthority(store: Store, name: string): Promise<SigningKey> {
  const [authorityId, authorityKeyId] = [randomUUID(), randomUUID()];
  const at = new Date();
  const { outcome } = await store.createAuthority({
    authority: { id: authorityId, name, status: 'enabled', settings: {}, createdAt: at },
    key: {
      id: authorityKeyId,
      state: 'active',
      algorithm: 'ML-DSA-65',
      publicKey: randomBytes(1974),
      certificate: randomBytes(DER_LENGTH),
      chain: [],
      createdAt: at,
    },
    audit: event('authority/create', authorityId),
  });
  if (outcome !== 'created') throw new Error(`Expected created, got ${outcome}`);
  return { authorityId, authorityKeyId };
}

/** Reserves and completes a certificate for `host-NUMBER.DEPARTMENT.example.com`. */
export async function issue(store: Store, key: SigningKey, number: number): Promise<void> {
  const reservation: NewReservation = {
    ...key,
    id: randomUUIDv7(),
    serial: randomBytes(20).fill(0x5a, 0, 1),
    tbsDigest: randomBytes(32),
    principal: `key:${number % PRINCIPALS}`,
    profile: PROFILES[number % PROFILES.length] ?? '',
    profileVersion: 1,
    requestedAt: new Date(),
  };
  const { outcome } = await store.reserve(reservation);
  if (outcome !== 'reserved') throw new Error(`Expected reserved, got ${outcome}`);
  const certificate = certificateOf(reservation, number);
  const stored = await store.complete({ certificate, audit: event('certificate/issue', certificate.id) });
  if (stored !== 'stored') throw new Error(`Expected stored, got ${stored}`);
}

export const hostOf = (number: number): string => `host-${number}.dept-${number % 100}.example.com`;

function certificateOf(reservation: NewReservation, number: number): Certificate {
  const { tbsDigest: _, requestedAt, ...reserved } = reservation;
  const der = randomBytes(DER_LENGTH);
  const host = hostOf(number);
  return {
    ...reserved,
    sha256: createHash('sha256').update(der).digest(),
    subject: `CN=${host},OU=Department ${number % 100},O=Example Corporation`,
    names: [
      { type: 'dns', value: host },
      { type: 'dns', value: `host-${number}` },
    ],
    notBefore: requestedAt,
    notAfter: new Date(requestedAt.getTime() + randomInt(1, 398) * DAY),
    issuedAt: requestedAt,
    keyId: randomBytes(32),
    keyAlgorithm: 'ML-DSA-65',
    isAuthority: false,
    der,
  };
}
