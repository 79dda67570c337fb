import type { CertificateFilter } from '../port/certificates.ts';

/** The period in which `notAfter` must be, as milliseconds. */
export function expiryOf(
  { expiring, status }: CertificateFilter,
  now: Date,
): { readonly from?: number; readonly to?: number } {
  const from = [expiring?.from, status === 'valid' ? now : undefined].flatMap(timeOf);
  const to = [expiring?.to, status === 'expired' ? now : undefined].flatMap(timeOf);
  return {
    ...(from.length > 0 && { from: Math.max(...from) }),
    ...(to.length > 0 && { to: Math.min(...to) }),
  };
}

const timeOf = (date: Date | undefined): number[] => (date === undefined ? [] : [date.getTime()]);
