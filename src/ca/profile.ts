/**
 * What a kind of certificate contains, as data (RFC 5280 §4.2, RFC 9881 §5): plain values, so that a store can keep
 * every version of a profile.
 */

import { extendedKeyUsageOid } from '../formats/oids.ts';
import type { KeyUsage } from '../x509/extensions/key-usage.ts';
import { otherNameOid } from '../x509/names/other-name-forms.ts';
import type { Duration } from './duration.ts';

export interface Profile {
  /** Names the profile in records. */
  readonly name: string;
  /** Grows with every change of what the profile contains. */
  readonly version: number;
  /** cA of basicConstraints. */
  readonly isCa: boolean;
  readonly keyUsage: readonly KeyUsage[];
  /** Dotted OIDs; without any, the certificate has no extendedKeyUsage. */
  readonly extendedKeyUsage: readonly string[];
  readonly isExtendedKeyUsageCritical: boolean;
  /**
   * How a relying party learns of a revocation: from what the certificate points at; never, by noRevAvail (RFC 9608);
   * or never, by ocsp-nocheck (RFC 6960 §4.2.2.2.1).
   */
  readonly revocation: 'published' | 'noRevAvail' | 'ocspNoCheck';
  /** `svid`: the only URI of the certificate is a SPIFFE ID (X509-SVID §2). */
  readonly names: 'any' | 'svid';
  /** The types of otherName that a CSR can get: dotted OIDs. The caller of the CA can add any. */
  readonly otherNames: readonly string[];
  /** The longest validity, and the one that applies when the caller requests none; in whole days. */
  readonly maxDays: number;
  readonly defaultDays: number;
  /** In place of `defaultDays`. */
  readonly defaultValidity?: Duration;
}

/** Twenty years. */
const MAX_DAYS = 7300;
/** The limit of a short-lived certificate in the Baseline Requirements of the CA/Browser Forum (§1.6.1). */
const SHORT_LIVED_DAYS = 7;

const { serverAuth, clientAuth, codeSigning, emailProtection, documentSigning, timeStamping, OCSPSigning } =
  extendedKeyUsageOid;

/** RFC 4985: a TLS server can have the names of its services. */
const SERVICE_NAMES = Object.freeze([otherNameOid.SRV]);

/** TLS servers and clients. Other profiles of end entities name what differs. */
export const END_ENTITY: Profile = Object.freeze<Profile>({
  name: 'end-entity',
  version: 1,
  isCa: false,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [serverAuth, clientAuth],
  isExtendedKeyUsageCritical: false,
  revocation: 'published',
  names: 'any',
  otherNames: SERVICE_NAMES,
  maxDays: MAX_DAYS,
  defaultDays: 365,
});

export const CA: Profile = Object.freeze<Profile>({
  ...END_ENTITY,
  name: 'ca',
  otherNames: [],
  isCa: true,
  keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  extendedKeyUsage: [],
});

/** The caller names the usages; those that it does not name are as in {@link END_ENTITY}. */
export const CUSTOM: Profile = Object.freeze<Profile>({ ...END_ENTITY, name: 'custom', otherNames: [] });

const endEntity = (name: string, differences: Partial<Profile>): Profile =>
  Object.freeze<Profile>({ ...END_ENTITY, otherNames: [], ...differences, name });

/** Every profile that a caller can select, by the name that selects it. */
export const PROFILES = Object.freeze({
  tls: END_ENTITY,
  'tls-server': endEntity('tls-server', { extendedKeyUsage: [serverAuth], otherNames: SERVICE_NAMES }),
  'tls-client': endEntity('tls-client', { extendedKeyUsage: [clientAuth] }),
  'code-signing': endEntity('code-signing', { extendedKeyUsage: [codeSigning] }),
  email: endEntity('email', {
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsage: [emailProtection],
    otherNames: [otherNameOid.SmtpUTF8Mailbox],
  }),
  // RFC 9336 §3
  'document-signing': endEntity('document-signing', {
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsage: [documentSigning],
  }),
  // RFC 3161 §2.3: the only purpose, and critical
  'time-stamping': endEntity('time-stamping', {
    extendedKeyUsage: [timeStamping],
    isExtendedKeyUsageCritical: true,
  }),
  // RFC 6960 §4.2.2.2.1: clients do not check the revocation of a responder, so it is renewed often
  'ocsp-responder': endEntity('ocsp-responder', {
    extendedKeyUsage: [OCSPSigning],
    revocation: 'ocspNoCheck',
    defaultDays: 30,
  }),
  svid: endEntity('svid', { names: 'svid', otherNames: SERVICE_NAMES }),
  'short-lived': endEntity('short-lived', {
    revocation: 'noRevAvail',
    otherNames: SERVICE_NAMES,
    maxDays: SHORT_LIVED_DAYS,
    defaultDays: SHORT_LIVED_DAYS,
  }),
  ca: CA,
});

export type ProfileName = keyof typeof PROFILES;

export const PROFILE_NAMES = Object.freeze(Object.keys(PROFILES) as ProfileName[]);
