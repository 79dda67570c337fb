/** The searches that `records.ts` measures. Their values differ from query to query. */

import { createHash, randomInt } from 'node:crypto';
import type { AuditQuery, CertificateFilter, CertificateOrder } from '../src/storage/ports.ts';
import { AUTHORITIES, hostOf, PRINCIPALS, PROFILES } from './fill-store.ts';

const DAY = 86_400_000;

const anyOf = (list: readonly string[]): string => list[randomInt(list.length)] ?? '';
const anyPrincipal = (): string => `key:${randomInt(PRINCIPALS)}`;

export type Filter = CertificateFilter & { readonly order?: CertificateOrder };

type Searches = Readonly<Record<string, () => Filter>>;

interface Drawing {
  readonly anyNumber: () => number;
  readonly inDays: (days: number) => Date;
}

/** Of a store with `count` certificates. */
export function searchesOf(count: number, now: Date): Searches {
  const drawing: Drawing = {
    anyNumber: () => randomInt(count),
    inDays: (days) => new Date(now.getTime() + days * DAY),
  };
  return { ...ofNames(drawing), ...ofFacts(), ...ofTimes(drawing), ...ofNamesByExpiry(drawing) };
}

const ofNames = ({ anyNumber }: Drawing): Searches => ({
  'no filter': () => ({}),
  serial: () => ({ serial: new Uint8Array(20).fill(1) }),
  sha256: () => ({ sha256: new Uint8Array(32) }),
  key_id: () => ({ keyId: createHash('sha256').update(String(anyNumber())).digest() }),
  san: () => ({ name: hostOf(anyNumber()) }),
  'san with a wildcard, all certificates': () => ({ name: '*.example.com' }),
  'san with a wildcard, one in a hundred': () => ({ name: `*.dept-${randomInt(100)}.example.com` }),
  'san of no certificate': () => ({ name: 'none.example.net' }),
  'subject, one common word': () => ({ subject: 'example' }),
  'subject, three words': () => ({ subject: `department ${randomInt(100)} example` }),
});

const ofFacts = (): Searches => ({
  authority: () => ({ authorityId: anyOf(AUTHORITIES) }),
  profile: () => ({ profile: anyOf(PROFILES) }),
  principal: () => ({ principal: anyPrincipal() }),
  'principal of nothing': () => ({ principal: 'key:none' }),
  'principal and san': () => ({ principal: anyPrincipal(), name: '*.example.com' }),
  // Certificates of a principal have every second department only.
  'principal and san without a common certificate': () => ({
    principal: `key:${2 * randomInt(PRINCIPALS / 2)}`,
    name: `*.dept-${2 * randomInt(50) + 1}.example.com`,
  }),
  'principal and san without a common certificate, what expires first': () => ({
    principal: `key:${2 * randomInt(PRINCIPALS / 2)}`,
    name: `*.dept-${2 * randomInt(50) + 1}.example.com`,
    order: 'expiring-first',
  }),
  'principal of nothing and san': () => ({ principal: 'key:none', name: '*.example.com' }),
  'principal, authority and profile': () => ({
    principal: anyPrincipal(),
    authorityId: anyOf(AUTHORITIES),
    profile: anyOf(PROFILES),
  }),
});

const ofTimes = ({ inDays }: Drawing): Searches => ({
  'status valid': () => ({ status: 'valid' }),
  'status valid of a principal': () => ({ status: 'valid', principal: anyPrincipal() }),
  'status expired': () => ({ status: 'expired', order: 'expiring-first' }),
  'status expired of a principal': () => ({
    status: 'expired',
    principal: anyPrincipal(),
    order: 'expiring-first',
  }),
  'status revoked': () => ({ status: 'revoked' }),
  'issued between, a year ago': () => ({ issued: { from: inDays(-380), to: inDays(-360) } }),
  'expiring in 30 days': () => ({
    status: 'valid',
    expiring: { to: inDays(30) },
    order: 'expiring-first',
  }),
  'expiring in 30 days of a principal': () => ({
    status: 'valid',
    expiring: { to: inDays(30) },
    principal: anyPrincipal(),
    order: 'expiring-first',
  }),
  'expiring in 30 days, principal of nothing': () => ({
    status: 'valid',
    expiring: { to: inDays(30) },
    principal: 'key:none',
    order: 'expiring-first',
  }),
});

const ofNamesByExpiry = ({ anyNumber, inDays }: Drawing): Searches => ({
  'san, what expires first': () => ({ name: hostOf(anyNumber()), order: 'expiring-first' }),
  'san with a wildcard, one in a hundred, what expires first': () => ({
    name: `*.dept-${randomInt(100)}.example.com`,
    order: 'expiring-first',
  }),
  'three words of the subject, what expires first': () => ({
    subject: `department ${randomInt(100)} example`,
    status: 'valid',
    order: 'expiring-first',
  }),
  'san with a wildcard of a principal, what expires first': () => ({
    name: '*.example.com',
    principal: anyPrincipal(),
    status: 'valid',
    order: 'expiring-first',
  }),
  'san with a wildcard, all certificates, what expires first': () => ({
    name: '*.example.com',
    status: 'valid',
    order: 'expiring-first',
  }),
  'profile, what expires first': () => ({
    profile: anyOf(PROFILES),
    status: 'valid',
    order: 'expiring-first',
  }),
  'expires after a day, all': () => ({
    expiring: { from: inDays(randomInt(200)) },
    order: 'expiring-first',
  }),
});

export function auditSearchesOf(
  count: number,
  now: Date,
): Readonly<Record<string, () => AuditQuery['filter']>> {
  return {
    'no filter': () => ({}),
    action: () => ({ action: 'certificate/issue' }),
    'action of none': () => ({ action: 'authority/create' }),
    principal: () => ({ principal: anyPrincipal() }),
    authority: () => ({ authority: anyOf(AUTHORITIES) }),
    'period in the past': () => ({
      period: { from: new Date(now.getTime() - count * 900), to: new Date(now.getTime() - count * 800) },
    }),
    'principal and authority': () => ({ principal: anyPrincipal(), authority: anyOf(AUTHORITIES) }),
    'outcome of none': () => ({ outcome: 'failed' }),
  };
}
