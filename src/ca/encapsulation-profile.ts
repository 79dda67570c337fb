/** What a profile means for a key that establishes a shared secret and cannot sign (RFC 9935). */

import { PkiError } from '../base/errors.ts';
import { extendedKeyUsageOid } from '../formats/oids.ts';
import type { PublicKey } from '../keys/key.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import type { Profile } from './profile.ts';
import { purposeNames, type RequestedUsages } from './usages.ts';

/** Purposes whose keys sign (RFC 5280 §4.2.1.12, RFC 9336 §3). */
const SIGNING_PURPOSES: ReadonlySet<string> = new Set([
  extendedKeyUsageOid.clientAuth,
  extendedKeyUsageOid.codeSigning,
  extendedKeyUsageOid.timeStamping,
  extendedKeyUsageOid.OCSPSigning,
  extendedKeyUsageOid.documentSigning,
]);

const isSigning = (purpose: string): boolean => SIGNING_PURPOSES.has(purpose);

export interface ProfileOfKey {
  readonly profile: Profile;
  readonly notes: readonly IssuanceNote[];
}

/**
 * Returns the profile as it applies to the key. That of an ML-KEM key has keyEncipherment only (RFC 9935 §5), unless the
 * caller names usages, and none of the purposes that need a signature; a note says so. Throws PkiError when nothing is left
 * of the profile.
 */
export function profileOfKey(
  profile: Profile,
  { family, algorithm }: PublicKey,
  usages: RequestedUsages | undefined,
): ProfileOfKey {
  if (family !== 'ml-kem') return { profile, notes: [] };
  if (profile.isCa) throw refused(profile, `A key of ${algorithm} cannot sign, so it cannot be that of a CA`);
  if (profile.names === 'svid')
    throw refused(profile, `A key of ${algorithm} cannot sign, as that of an SVID must (X509-SVID §4.3)`);
  requirePossible(algorithm, usages?.extendedKeyUsage?.findIndex(isSigning) ?? -1, usages);
  const signing = profile.extendedKeyUsage.filter(isSigning);
  const purposes = profile.extendedKeyUsage.filter((purpose) => !isSigning(purpose));
  if (signing.length > 0 && purposes.length === 0)
    throw refused(
      profile,
      `A key of ${algorithm} cannot sign, which the purpose ${purposeNames(signing)} needs`,
    );
  return {
    profile: {
      ...profile,
      keyUsage: usages?.keyUsage ?? ['keyEncipherment'],
      extendedKeyUsage: purposes,
    },
    notes: usages?.keyUsage === undefined || signing.length > 0 ? [narrowed(algorithm)] : [],
  };
}

/** `index` is that of a purpose that the caller names and that needs a signature; -1 without one. */
function requirePossible(algorithm: string, index: number, usages: RequestedUsages | undefined): void {
  const purpose = usages?.extendedKeyUsage?.[index];
  if (purpose !== undefined)
    throw new PkiError(
      'invalid-extension',
      `A key of ${algorithm} cannot sign, which the purpose ${purposeNames([purpose])} needs`,
      ['extendedKeyUsage', index],
    );
}

const refused = ({ name }: Profile, sentence: string): PkiError =>
  new PkiError('invalid-profile', `${sentence}; the profile ${name} is for keys that sign`, ['profile']);

const narrowed = (algorithm: string): IssuanceNote => ({
  code: 'encapsulation-key',
  message: `A key of ${algorithm} cannot sign, so the certificate has keyEncipherment only, and no purpose that needs a signature`,
  path: ['request'],
});
