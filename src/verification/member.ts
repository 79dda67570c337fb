/** A certificate of a verification: where it comes from, and what its extensions say. */

import { ifReadable, PkiError } from '../base/errors.ts';
import { extensionOid } from '../formats/oids.ts';
import { shownOidName } from '../formats/known-oids.ts';
import type { Der } from '../formats/der/header.ts';
import { UNNOTED, type Note } from '../formats/reading.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readBasicConstraints, type BasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readPolicyIdentifiers } from '../x509/extensions/certificate-policies.ts';
import { readDistributionPoints, type DistributionPoint } from '../x509/extensions/distribution-points.ts';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import {
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  type AuthorityKeyIdentifier,
} from '../x509/extensions/key-identifiers.ts';
import { readKeyUsage, type KeyUsage } from '../x509/extensions/key-usage.ts';
import { readNameConstraints, type NameConstraints } from '../x509/extensions/name-constraints.ts';
import {
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from '../x509/extensions/policy-processing.ts';
import { readRelatedCertificate, type RelatedCertificate } from '../x509/extensions/related-certificate.ts';
import { comparableName } from '../x509/names/comparison.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import {
  decodeGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../x509/names/general-name-encoding.ts';

/** Where a certificate comes from. */
export type MemberSource =
  'certificate' | 'intermediates' | 'anchors' | 'ocsp_responses' | 'related_certificate';

/** Values of the extensions; undefined for one that is absent or cannot be read. */
export interface Facts {
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  readonly names: readonly (GeneralName | OtherGeneralName)[] | undefined;
  readonly policies: readonly string[] | undefined;
  readonly mappings: readonly PolicyMapping[] | undefined;
  readonly policyConstraints: PolicyConstraints | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly distributionPoints: readonly DistributionPoint[] | undefined;
  readonly relatedCertificate: RelatedCertificate | undefined;
  /** Sentences about the extensions that cannot be read. */
  readonly unreadable: readonly string[];
}

export interface Member {
  readonly certificate: Certificate;
  readonly source: MemberSource;
  /** Among those of its source, from 0. */
  readonly index: number;
  /** Deviations that were read. */
  readonly notes: readonly Note[];
  /** Names that are the same have the same text. */
  readonly subject: string;
  readonly issuer: string;
  readonly isSelfIssued: boolean;
  readonly facts: Facts;
}

export function memberOf(
  certificate: Certificate,
  { source, index, notes }: Pick<Member, 'source' | 'index' | 'notes'>,
): Member {
  const subject = nameText(certificate.subject);
  const issuer = nameText(certificate.issuer);
  const facts = readFacts(certificate);
  return { certificate, source, index, notes, subject, issuer, isSelfIssued: subject === issuer, facts };
}

/** A name that cannot be read is the same only as the same octets. */
export const nameText = (name: Der): string =>
  ifReadable(() => comparableName(decodeDistinguishedName(name))) ?? `#${Buffer.from(name).toString('hex')}`;

function readFacts({ extensions }: Pick<Certificate, 'extensions'>): Facts {
  const unreadable: string[] = [];
  function read<T>(oid: string, reader: (value: Der) => T): T | undefined {
    const found = extensions.find((extension) => extension.oid === oid);
    if (found === undefined) return undefined;
    try {
      if (found.fault !== undefined) throw found.fault;
      return reader(found.value);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      unreadable.push(`The extension ${shownOidName(oid)} cannot be read: ${error.message}`);
      return undefined;
    }
  }
  return {
    basicConstraints: read(extensionOid.basicConstraints, (value) => readBasicConstraints(value, UNNOTED)),
    keyUsage: read(extensionOid.keyUsage, (value) => readKeyUsage(value, UNNOTED)),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    nameConstraints: read(extensionOid.nameConstraints, readNameConstraints),
    names: read(extensionOid.subjectAltName, decodeGeneralNames),
    policies: read(extensionOid.certificatePolicies, readPolicyIdentifiers),
    mappings: read(extensionOid.policyMappings, readPolicyMappings),
    policyConstraints: read(extensionOid.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: read(extensionOid.inhibitAnyPolicy, readInhibitAnyPolicy),
    subjectKeyIdentifier: read(extensionOid.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    distributionPoints: read(extensionOid.cRLDistributionPoints, readDistributionPoints),
    relatedCertificate: read(extensionOid.relatedCertificate, readRelatedCertificate),
    unreadable,
  };
}

export const isCa = ({ facts }: Member): boolean => facts.basicConstraints?.cA === true;

export const isSameCertificate = (a: Member, b: Member): boolean =>
  Buffer.compare(a.certificate.der, b.certificate.der) === 0;

export const hasSameKey = (a: Member, b: Member): boolean =>
  Buffer.compare(a.certificate.subjectPublicKeyInfo, b.certificate.subjectPublicKeyInfo) === 0;
