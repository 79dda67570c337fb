/** What the store knows of a serial number, as a CertStatus. */

import type { CertStatus } from '../x509/ocsp/response-writer.ts';
import type { KnownStatus } from './ports.ts';

const GOOD: CertStatus = Object.freeze({ is: 'good' });
const UNKNOWN: CertStatus = Object.freeze({ is: 'unknown' });

/**
 * Only an issued certificate is good (RFC 9919 §3.2.3 and the Baseline Requirements §4.9.10): a serial number that was
 * reserved and has no certificate is unknown. An expired certificate keeps its last status.
 */
export function statusOf(known: KnownStatus | undefined): CertStatus {
  const { status, revocation } = known ?? {};
  if (revocation !== undefined) return { is: 'revoked', at: revocation.revokedAt, reason: revocation.reason };
  return status === 'issued' ? GOOD : UNKNOWN;
}

export const isSameStatus = (a: CertStatus, b: CertStatus): boolean =>
  a.is === 'revoked' && b.is === 'revoked'
    ? a.reason === b.reason && a.at.getTime() === b.at.getTime()
    : a.is === b.is;
