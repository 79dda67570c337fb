/** Usages that the caller names instead of those of a profile (RFC 5280 §4.2.1.3, §4.2.1.12). */

import { PkiError, type PathStep } from '../base/errors.ts';
import { extendedKeyUsageOid, oidName } from '../formats/oids.ts';
import type { KeyFamily, PublicKey } from '../keys/key.ts';
import type { KeyUsage } from '../x509/extensions/key-usage.ts';
import type { Profile } from './profile.ts';

export interface RequestedUsages {
  readonly keyUsage?: readonly KeyUsage[] | undefined;
  /** Dotted OIDs. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
}

/** Returns the profile with these usages in place of its own. Throws PkiError at `keyUsage` or `extendedKeyUsage`. */
export function withUsages(profile: Profile, usages: RequestedUsages | undefined): Profile {
  if (usages === undefined) return profile;
  const { keyUsage = profile.keyUsage, extendedKeyUsage = profile.extendedKeyUsage } = usages;
  checkAuthorityUsages(profile, keyUsage);
  extendedKeyUsage.forEach((purpose, index) => checkPurpose(purpose, index));
  checkTimeStamping(profile, extendedKeyUsage);
  // RFC 3161 §2.3
  const isExtendedKeyUsageCritical = !profile.isCa && extendedKeyUsage.includes(timeStamping);
  return { ...profile, keyUsage, extendedKeyUsage, isExtendedKeyUsageCritical };
}

const { anyExtendedKeyUsage, OCSPSigning, timeStamping } = extendedKeyUsageOid;

/** RFC 5280 §4.2.1.3, §4.2.1.9: keyCertSign belongs to a CA. So does cRLSign: only a CA signs CRLs here. */
function checkAuthorityUsages({ isCa }: Profile, keyUsage: readonly KeyUsage[]): void {
  if (isCa && !keyUsage.includes('keyCertSign'))
    throw invalid('The key usage of a CA must include keyCertSign', ['keyUsage']);
  if (isCa) return;
  const index = keyUsage.findIndex((usage) => usage === 'keyCertSign' || usage === 'cRLSign');
  if (index >= 0)
    throw invalid(`The key usage ${keyUsage[index]} is allowed in CA certificates only`, ['keyUsage', index]);
}

function checkPurpose(purpose: string, index: number): void {
  if (purpose === anyExtendedKeyUsage)
    throw invalid('The purpose anyExtendedKeyUsage cannot be certified; name every purpose', [
      'extendedKeyUsage',
      index,
    ]);
  // RFC 6960 §4.2.2.2: it makes the key one that signs OCSP responses for the CA
  if (purpose === OCSPSigning)
    throw invalid('The purpose OCSPSigning is allowed with the profile ocsp-responder only', [
      'extendedKeyUsage',
      index,
    ]);
}

function checkTimeStamping({ isCa }: Profile, extendedKeyUsage: readonly string[]): void {
  if (isCa || extendedKeyUsage.length < 2) return;
  const index = extendedKeyUsage.indexOf(timeStamping);
  if (index >= 0)
    throw invalid('The purpose timeStamping must be the only one of its certificate (RFC 3161 §2.3)', [
      'extendedKeyUsage',
      index,
    ]);
}

const SIGNING: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'];

/** What decides the usages: the family of the key, or that it signs with RSASSA-PSS only. */
export type UsageKind = KeyFamily | 'rsassa-pss';

export const usageKindOf = ({ family, pss }: PublicKey): UsageKind =>
  pss === undefined ? family : 'rsassa-pss';

/** The usages of each kind of key, with the clause. */
const KINDS: Readonly<Record<UsageKind, { readonly usages: readonly KeyUsage[]; readonly clause: string }>> =
  {
    'ml-dsa': { usages: SIGNING, clause: 'RFC 9881 §5' },
    'slh-dsa': { usages: SIGNING, clause: 'RFC 9909 §6' },
    'ml-kem': { usages: ['keyEncipherment'], clause: 'RFC 9935 §5' },
    ed25519: { usages: SIGNING, clause: 'RFC 8410 §5' },
    ecdsa: {
      usages: [...SIGNING, 'keyAgreement', 'encipherOnly', 'decipherOnly'],
      clause: 'RFC 5480 §3, RFC 8813 §3',
    },
    rsa: { usages: [...SIGNING, 'keyEncipherment', 'dataEncipherment'], clause: 'RFC 3279 §2.3.1' },
    'rsassa-pss': { usages: SIGNING, clause: 'RFC 4055 §1.2' },
  };

const NAMES: Readonly<Record<UsageKind, string>> = {
  'ml-dsa': 'an ML-DSA key',
  'slh-dsa': 'an SLH-DSA key',
  'ml-kem': 'an ML-KEM key',
  ed25519: 'an Ed25519 key',
  ecdsa: 'an EC key',
  rsa: 'an RSA key',
  'rsassa-pss': 'an RSASSA-PSS key',
};

/** Throws PkiError at `keyUsage` for a usage that a key of this kind cannot have. */
export function checkKeyUsage({ keyUsage }: Profile, kind: UsageKind): void {
  const { usages, clause } = KINDS[kind];
  const index = keyUsage.findIndex((usage) => !usages.includes(usage));
  if (index >= 0)
    throw invalid(`The key usage ${keyUsage[index]} is not possible for ${NAMES[kind]} (${clause})`, [
      'keyUsage',
      index,
    ]);
  if (kind === 'ml-kem' && keyUsage.length === 0)
    throw invalid('The key usage of an ML-KEM key must be keyEncipherment', ['keyUsage']);
  // RFC 5280 §4.2.1.3: the meaning of both is undefined without keyAgreement
  const only = keyUsage.findIndex((usage) => usage === 'encipherOnly' || usage === 'decipherOnly');
  if (only >= 0 && !keyUsage.includes('keyAgreement'))
    throw invalid(`The key usage ${keyUsage[only]} must come with keyAgreement`, ['keyUsage', only]);
}

/** Names of the purposes, for messages. */
export const purposeNames = (purposes: readonly string[]): string => purposes.map(oidName).join(', ');

const invalid = (sentence: string, path: readonly PathStep[]): PkiError =>
  new PkiError('invalid-extension', sentence, path);
