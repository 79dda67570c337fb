import type { Static } from 'typebox';
import { rfc3339 } from '../../src/base/clock.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { reasonName } from '../../src/revocation/reasons.ts';
import { renewalInfo } from '../../src/authorities/renewal.ts';
import type { Certificate, CertificateSummary } from '../../src/storage/ports.ts';
import { sizesOfStored } from '../../src/ca/sizes.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import { presentCertificate, presentChain } from '../wire/present.ts';
import { presentTransport } from '../wire/size-warnings.ts';
import type { Renewal, StoredCertificate, storedCertificate } from './schema.ts';

export const presentSummary = (stored: CertificateSummary, now: Date): Static<typeof storedCertificate> => ({
  id: stored.id,
  status: statusOf(stored, now),
  serial_number: formatSerialNumber(stored.serial),
  subject: stored.subject,
  san: stored.names.map(({ type, value }) => `${PREFIXES.get(type) ?? type}:${value}`),
  not_before: rfc3339(stored.notBefore),
  not_after: rfc3339(stored.notAfter),
  issued_at: stored.issuedAt.toISOString(),
  authority_id: stored.authorityId,
  authority_key_id: stored.authorityKeyId,
  profile: stored.profile,
  profile_version: stored.profileVersion,
  key_algorithm: stored.keyAlgorithm,
  key_id: Buffer.from(stored.keyId).toString('hex'),
  sha256_fingerprint: hexadecimal(stored.sha256),
  is_ca: stored.isAuthority,
  principal: stored.principal,
  ...(stored.revokedAt && { revoked_at: rfc3339(stored.revokedAt) }),
  ...(stored.revocationReason !== undefined && { revocation_reason: reasonName(stored.revocationReason) }),
});

export function presentWhole(
  stored: Certificate,
  now: Date,
  issuers: readonly Uint8Array[],
): Static<typeof StoredCertificate.ref> {
  const { certificate, chain } = presentChain([stored.der, ...issuers]);
  return {
    ...presentSummary(stored, now),
    certificate: certificate.text,
    chain: chain.text,
    ...presentTransport(sizesOfStored(stored.der), [stored.der, ...issuers]),
  };
}

/** A certificate of an export, which has no chain. */
export const presentLine = (stored: Certificate, now: Date) => ({
  ...presentSummary(stored, now),
  certificate: presentCertificate(stored.der).text,
});

export function presentRenewal(stored: Certificate, now: Date): Static<typeof Renewal.ref> {
  const { window, acmeId } = renewalInfo(stored, now);
  return {
    id: stored.id,
    suggested_window: { start: rfc3339(window.start), end: rfc3339(window.end) },
    ...(acmeId !== undefined && { acme_id: acmeId }),
  };
}

const PREFIXES: ReadonlyMap<string, string> = new Map(
  ['DNS', 'IP', 'email', 'URI', 'RID', 'dirName'].map((prefix) => [prefix.toLowerCase(), prefix]),
);

/** The last moment of validity is inside it. */
function statusOf({ notBefore, notAfter, revokedAt }: CertificateSummary, now: Date) {
  if (revokedAt !== undefined) return 'revoked' as const;
  if (notAfter < now) return 'expired' as const;
  return notBefore > now ? ('pending' as const) : ('valid' as const);
}
