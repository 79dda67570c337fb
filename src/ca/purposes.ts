/** The purposes that the extendedKeyUsage of the CAs of a path allows. Relying parties take it as a limit of what they issue. */

import { PkiError } from '../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../formats/oids.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import { PROFILE_NAMES, PROFILES, type Profile } from './profile.ts';
import { purposeNames } from './usages.ts';

/** A profile that fits the CA. */
export interface FittedProfile {
  readonly profile: Profile;
  readonly notes: readonly IssuanceNote[];
}

/**
 * Returns the profile, or with `isDefaultProfile` the profile with those of its purposes that all CAs of `path` allow. Throws
 * PkiError unsuitable-issuer that names the profiles that fit.
 */
export function fitPurposes(
  path: readonly Certificate[],
  profile: Profile,
  { isDefaultProfile }: { readonly isDefaultProfile: boolean },
): FittedProfile {
  const allowed = allowedPurposes(path);
  if (allowed === undefined) return { profile, notes: [] };
  const missing = neededPurposes(profile).filter((purpose) => !allowed.includes(purpose));
  if (missing.length === 0) return { profile, notes: [] };
  const rest = profile.extendedKeyUsage.filter((purpose) => allowed.includes(purpose));
  if (isDefaultProfile && rest.length > 0) return narrowed(profile, rest, missing);
  throw new PkiError(
    'unsuitable-issuer',
    `The extendedKeyUsage of ${theCas(path)} limits it to ${purposeNames(allowed) || 'no purpose'}, without ` +
      `${purposeNames(missing)}; profiles that fit: ${suitableProfiles(allowed)}`,
  );
}

const theCas = ({ length }: readonly Certificate[]): string =>
  length === 1 ? 'the CA certificate' : 'the CA certificate and those above it';

const narrowed = (
  profile: Profile,
  extendedKeyUsage: readonly string[],
  missing: readonly string[],
): FittedProfile => ({
  profile: { ...profile, extendedKeyUsage },
  notes: [
    {
      code: 'purposes-narrowed',
      message:
        `The extendedKeyUsage of the CA does not allow ${purposeNames(missing)}, so the certificate is for ` +
        `${purposeNames(extendedKeyUsage)} only`,
      path: ['authority', 'certificate'],
    },
  ],
});

/** Returns the purposes that every CA allows; undefined when none of them has a limit. */
function allowedPurposes(path: readonly Certificate[]): readonly string[] | undefined {
  let allowed: readonly string[] | undefined;
  for (const { extensions } of path) {
    const value = extensionValue(extensions, extensionOid.extendedKeyUsage);
    const own = value && readExtendedKeyUsage(value);
    if (own === undefined || own.includes(extendedKeyUsageOid.anyExtendedKeyUsage)) continue;
    const limit = new Set(own);
    allowed = allowed === undefined ? own : allowed.filter((purpose) => limit.has(purpose));
  }
  return allowed;
}

/**
 * A CA below this one issues for the usual purposes of TLS. A CA authorizes an OCSP responder by issuing for it, whatever
 * its own purposes are (RFC 6960 §4.2.2.2).
 */
function neededPurposes({ isCa, extendedKeyUsage }: Profile): readonly string[] {
  if (isCa && extendedKeyUsage.length === 0)
    return [extendedKeyUsageOid.serverAuth, extendedKeyUsageOid.clientAuth];
  return extendedKeyUsage.filter((purpose) => purpose !== extendedKeyUsageOid.OCSPSigning);
}

/** Names of the profiles within these purposes, without that of a CA. */
const suitableProfiles = (allowed: readonly string[]): string =>
  PROFILE_NAMES.filter((name) => {
    const profile = PROFILES[name];
    return !profile.isCa && neededPurposes(profile).every((purpose) => allowed.includes(purpose));
  }).join(', ');
