/** The extensions of certificates and requests by their profile (RFC 5280 §4.2). */

import type { Der } from '../formats/der/header.ts';
import { nullValue } from '../formats/der/writer.ts';
import { extensionOid } from '../formats/oids.ts';
import { encodeBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { encodeCertificatePolicies } from '../x509/extensions/certificate-policies.ts';
import { encodeDistributionPoints } from '../x509/extensions/distribution-points.ts';
import { encodeExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { encodeExtension } from '../x509/extensions/extension.ts';
import { encodeAuthorityInformationAccess } from '../x509/extensions/information-access.ts';
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
} from '../x509/extensions/key-identifiers.ts';
import { encodeKeyUsage } from '../x509/extensions/key-usage.ts';
import { encodeNameConstraints } from '../x509/extensions/name-constraints-writer.ts';
import { encodeRelatedCertificate } from '../x509/extensions/related-certificate.ts';
import { MUST_STAPLE } from '../x509/extensions/tls-feature.ts';
import { encodeGeneralNames, type GeneralName } from '../x509/names/general-name-encoding.ts';
import type { CertificateOptions } from './options.ts';
import type { Profile } from './profile.ts';

/** What differs between two requests of one profile. */
export interface RequestedExtensions extends Pick<CertificateOptions, 'nameConstraints' | 'pointers'> {
  /** How many CA certificates may follow this one in a path; no limit when absent (RFC 5280 §4.2.1.9). */
  readonly pathLength?: number | undefined;
  readonly subjectAltNames: readonly GeneralName[];
  readonly subjectIsEmpty: boolean;
}

/** What differs between two certificates of one profile. */
export interface ExtensionContent extends RequestedExtensions {
  readonly subjectKeyIdentifier: Uint8Array;
  readonly authorityKeyIdentifier: Uint8Array;
  /** Another certificate of the same end entity, DER (RFC 9763). */
  readonly related?: Uint8Array | undefined;
}

/** Returns whole Extensions, DER, in the order of the certificate. */
export const encodeExtensions = (profile: Profile, content: ExtensionContent): readonly Der[] => [
  basicConstraints(profile, content.pathLength),
  ...encodedUsages(profile),
  notCritical(extensionOid.subjectKeyIdentifier, encodeSubjectKeyIdentifier(content.subjectKeyIdentifier)),
  notCritical(
    extensionOid.authorityKeyIdentifier,
    encodeAuthorityKeyIdentifier(content.authorityKeyIdentifier),
  ),
  ...encodeSubjectAltName(content.subjectAltNames, content.subjectIsEmpty),
  ...encodeOptions(profile, content),
  ...encodeRelated(content),
];

/** Returns the same without the extensions that the CA decides. */
export const encodeRequestedExtensions = (profile: Profile, content: RequestedExtensions): readonly Der[] => [
  basicConstraints(profile, content.pathLength),
  ...encodedUsages(profile),
  ...encodeSubjectAltName(content.subjectAltNames, content.subjectIsEmpty),
  ...encodeOptions(profile, content),
];

/** An empty subject makes the extension critical (RFC 5280 §4.2.1.6). Returns `[]` for no names. */
export function encodeSubjectAltName(names: readonly GeneralName[], subjectIsEmpty: boolean): readonly Der[] {
  if (names.length === 0) return [];
  const value = encodeGeneralNames(names);
  return [encodeExtension({ oid: extensionOid.subjectAltName, critical: subjectIsEmpty, value })];
}

const notCritical = (oid: string, value: Der): Der => encodeExtension({ oid, critical: false, value });

/** RFC 9763 §4.1: not critical. */
const encodeRelated = ({ related }: ExtensionContent): readonly Der[] =>
  related === undefined
    ? []
    : [notCritical(extensionOid.relatedCertificate, encodeRelatedCertificate(related))];

const encodeBasic = (cA: boolean, pathLength?: number): Der =>
  encodeExtension({
    oid: extensionOid.basicConstraints,
    critical: true,
    value: encodeBasicConstraints({ cA, pathLength }),
  });

const NOT_A_CA = encodeBasic(false);
const UNLIMITED_CA = encodeBasic(true);

function basicConstraints({ isCa }: Profile, pathLength?: number): Der {
  if (!isCa) return NOT_A_CA;
  return pathLength === undefined ? UNLIMITED_CA : encodeBasic(true, pathLength);
}

/** The usages of a profile are encoded once: pkijs takes longer for them than the rest of a certificate does. */
const USAGES = new WeakMap<Profile, readonly Der[]>();

function encodedUsages(profile: Profile): readonly Der[] {
  const known = USAGES.get(profile);
  if (known !== undefined) return known;
  const encoded = encodeUsages(profile);
  USAGES.set(profile, encoded);
  return encoded;
}

function encodeUsages(profile: Profile): readonly Der[] {
  const usage = encodeExtension({
    oid: extensionOid.keyUsage,
    critical: true,
    value: encodeKeyUsage(profile.keyUsage),
  });
  if (profile.extendedKeyUsage.length === 0) return [usage];
  const purposes = encodeExtension({
    oid: extensionOid.extendedKeyUsage,
    critical: profile.isExtendedKeyUsageCritical,
    value: encodeExtendedKeyUsage(profile.extendedKeyUsage),
  });
  return [usage, purposes];
}

const encodeOptions = (profile: Profile, content: RequestedExtensions): readonly Der[] => [
  ...encodeConstraints(content),
  ...encodePointers(content),
  ...encodeRevocation(profile),
];

/** RFC 5280 §4.2.1.10: critical. */
const encodeConstraints = ({ nameConstraints }: RequestedExtensions): readonly Der[] =>
  nameConstraints === undefined
    ? []
    : [
        encodeExtension({
          oid: extensionOid.nameConstraints,
          critical: true,
          value: encodeNameConstraints(nameConstraints),
        }),
      ];

/** None of them is critical (RFC 5280 §4.2.1.4, §4.2.1.13, §4.2.2.1; RFC 7633 §4). */
function encodePointers({ pointers }: RequestedExtensions): readonly Der[] {
  if (pointers === undefined) return [];
  const { policies, crlDistributionPoints, ocsp, caIssuers, mustStaple } = pointers;
  const { certificatePolicies, cRLDistributionPoints, authorityInfoAccess, tlsFeature } = extensionOid;
  return [
    ...(policies.length > 0 ? [notCritical(certificatePolicies, encodeCertificatePolicies(policies))] : []),
    ...(crlDistributionPoints.length > 0
      ? [notCritical(cRLDistributionPoints, encodeDistributionPoints(crlDistributionPoints))]
      : []),
    ...(ocsp.length + caIssuers.length > 0
      ? [notCritical(authorityInfoAccess, encodeAuthorityInformationAccess({ ocsp, caIssuers }))]
      : []),
    ...(mustStaple ? [notCritical(tlsFeature, MUST_STAPLE)] : []),
  ];
}

const NULL = nullValue();
const ENCODED_REVOCATION: Readonly<Record<Profile['revocation'], readonly Der[]>> = Object.freeze({
  published: [],
  // RFC 9608 §2
  noRevAvail: [notCritical(extensionOid.noRevAvail, NULL)],
  // RFC 6960 §4.2.2.2.1
  ocspNoCheck: [notCritical(extensionOid.ocspNoCheck, NULL)],
});

const encodeRevocation = ({ revocation }: Profile): readonly Der[] => ENCODED_REVOCATION[revocation];
