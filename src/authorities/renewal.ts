/** When a certificate should be renewed (RFC 9773). */

import { readStoredCertificate } from './stored-certificate.ts';
import type { Certificate } from '../storage/ports.ts';
import { extensionOid } from '../formats/oids.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { readAuthorityKeyIdentifier } from '../x509/extensions/key-identifiers.ts';

export interface RenewalInfo {
  /** Identifies the certificate in ACME (RFC 9773 §4.1); absent for one without an authorityKeyIdentifier. */
  readonly acmeId?: string;
  /** A client renews at a random time in it, or at once if it is over (RFC 9773 §4.2). */
  readonly window: { readonly start: Date; readonly end: Date };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHORT = 240 * HOUR;

/** When the information should be read again, in seconds: six hours (RFC 9773 §4.3.2). */
export const RETRY_AFTER = 21_600;

export const renewalInfo = (certificate: Certificate, now: Date): RenewalInfo => ({
  ...acmeIdOf(certificate),
  window: certificate.revokedAt === undefined ? windowOf(certificate) : overWindow(now),
});

/**
 * Around two thirds of the validity, as the ACME server Boulder computes it; around the half of one below ten days. The
 * window has 2 % of the validity.
 */
function windowOf({ notBefore, notAfter }: Certificate): RenewalInfo['window'] {
  const validity = notAfter.getTime() + 1000 - notBefore.getTime();
  const ideal = notAfter.getTime() - validity / (validity < SHORT ? 2 : 3);
  const margin = validity / 100;
  return { start: wholeMinute(ideal - margin), end: wholeMinute(ideal + margin) };
}

/** For a revoked certificate: renew at once. */
function overWindow(now: Date): RenewalInfo['window'] {
  const start = now.getTime() - HOUR;
  return { start: wholeMinute(start), end: wholeMinute(start + HOUR / 2) };
}

const wholeMinute = (time: number): Date => new Date(Math.trunc(time / MINUTE) * MINUTE);

function acmeIdOf({ der, serial }: Certificate): { readonly acmeId?: string } {
  const { extensions } = readStoredCertificate(der);
  const value = extensionValue(extensions, extensionOid.authorityKeyIdentifier);
  const key = value && readAuthorityKeyIdentifier(value).keyIdentifier;
  if (key === undefined) return {};
  const [authority, number] = [key, serial].map((octets) => Buffer.from(octets).toString('base64url'));
  return { acmeId: `${authority}.${number}` };
}
