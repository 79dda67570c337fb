/** Rules of the CA/Browser Forum for certificates of TLS servers (Baseline Requirements §7.1). */

import { ifReadable } from '../../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { decodeDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { formatIpAddress } from '../../x509/names/ip-address.ts';
import { isCa, type Member } from '../member.ts';
import { isNotCritical, type ProfileRule } from './rule.ts';

const COMMON_NAME = '2.5.4.3';
const { anyExtendedKeyUsage, serverAuth } = extendedKeyUsageOid;

const criticality = ({ certificate }: Member, oid: string): boolean | undefined =>
  certificate.extensions.find((extension) => extension.oid === oid)?.critical;

/** Numbers, hexadecimal or with dots or colons, as IPv4 and IPv6 addresses are written by some. */
const ADDRESS = /^(?:0x[\da-f]+|[\d.]+|[\da-f]*:[\da-f:.]*)$/i;

/** Hosts as they are written, or with `isAddress` addresses in their usual form (RFC 5952). */
const namesOfForm = ({ facts: { names = [] } }: Member, isAddress: boolean): readonly string[] =>
  names.flatMap((name) => {
    if (name.kind === 'DNS') return isAddress || name.value.startsWith('*') ? [] : [name.value];
    return name.kind === 'IP' && isAddress ? [formatIpAddress(name.octets)] : [];
  });

/** A host beside addresses or wildcards alone is common. */
function isOtherName(member: Member, commonName: string): boolean {
  const names = namesOfForm(member, ADDRESS.test(commonName));
  return names.length > 0 && !names.includes(commonName);
}

const commonNames = ({ certificate }: Member): readonly string[] =>
  (ifReadable(() => decodeDistinguishedName(certificate.subject)) ?? [])
    .flat()
    .filter(({ type }) => type === COMMON_NAME)
    .map(({ value }) => value);

export const WEBPKI_RULES: readonly ProfileRule[] = [
  {
    id: 'rfc5280-policy-constraints-critical',
    clause: 'RFC 5280 §4.2.1.11, CA/Browser Forum BR §7.1.2.10',
    // RFC 3280 allowed both, and it is processed in any case
    fault: (member) =>
      isNotCritical(member.certificate, extensionOid.policyConstraints)
        ? 'The extension policyConstraints is not critical'
        : undefined,
  },
  {
    id: 'cabf-version-3',
    clause: 'CA/Browser Forum BR §7.1.1',
    fault: ({ certificate: { version } }) =>
      version === 3 ? undefined : `The certificate has version ${version} and not 3`,
  },
  {
    id: 'cabf-end-entity-not-ca',
    clause: 'CA/Browser Forum BR §7.1.2.7.8',
    fault: (member, { isLeaf }) => (isLeaf && isCa(member) ? 'The certificate is one of a CA' : undefined),
  },
  {
    id: 'cabf-key-supported',
    clause: 'CA/Browser Forum BR §6.1.5, §7.1.3.1',
    fault: ({ certificate: { subjectPublicKeyInfo } }) => {
      const key = ifReadable(() => readPublicKey(subjectPublicKeyInfo, UNNOTED));
      if (key === undefined) return 'The public key is weak or of an algorithm that is not supported';
      const bits = key.family === 'rsa' ? Number(key.algorithm.split('-').at(-1)) : 0;
      return bits % 8 === 0 ? undefined : `The RSA modulus has ${bits} bits, which is not a multiple of 8`;
    },
  },
  {
    id: 'cabf-subject-alternative-name',
    clause: 'CA/Browser Forum BR §7.1.2.7.12',
    fault: (member, { isLeaf }) => {
      if (!isLeaf) return undefined;
      if (member.facts.names === undefined) return 'The certificate has no subjectAltName';
      const hasSubject = member.certificate.subject.length > EMPTY_NAME;
      return hasSubject && criticality(member, extensionOid.subjectAltName) === true
        ? 'The subjectAltName is critical beside a subject'
        : undefined;
    },
  },
  {
    id: 'cabf-common-name-in-names',
    clause: 'CA/Browser Forum BR §7.1.4.3',
    fault: (member, { isLeaf }) => {
      const isOther = isLeaf && commonNames(member).some((name) => isOtherName(member, name));
      return isOther ? 'The common name is none of the alternative names of its form' : undefined;
    },
  },
  {
    id: 'cabf-end-entity-extended-key-usage',
    clause: 'CA/Browser Forum BR §7.1.2.7.6, §7.1.2.7.10',
    fault: (member, { isLeaf }) => {
      const { extendedKeyUsage } = member.facts;
      if (!isLeaf) return undefined;
      if (extendedKeyUsage?.includes(serverAuth) !== true)
        return 'The extendedKeyUsage is without serverAuth';
      if (extendedKeyUsage.includes(anyExtendedKeyUsage))
        return 'The purpose anyExtendedKeyUsage is forbidden';
      return criticality(member, extensionOid.extendedKeyUsage) === true
        ? 'The extendedKeyUsage is critical'
        : undefined;
    },
  },
  {
    id: 'cabf-root-without-extended-key-usage',
    clause: 'CA/Browser Forum BR §7.1.2.1.2',
    fault: (member, { isAnchor }) =>
      isAnchor && member.isSelfIssued && member.facts.extendedKeyUsage !== undefined
        ? 'The certificate of a root CA has an extendedKeyUsage'
        : undefined,
  },
  {
    id: 'cabf-root-authority-key-identifier',
    clause: 'CA/Browser Forum BR §7.1.2.1.3',
    fault: ({ facts, isSelfIssued }, { isAnchor }) => {
      const identifier = facts.authorityKeyIdentifier;
      if (!isAnchor || !isSelfIssued || identifier === undefined) return undefined;
      const { keyIdentifier, issuer, serialNumber } = identifier;
      const own = facts.subjectKeyIdentifier ?? new Uint8Array();
      const isRight = keyIdentifier !== undefined && Buffer.compare(keyIdentifier, own) === 0;
      return isRight && issuer.length === 0 && serialNumber === undefined
        ? undefined
        : 'The authorityKeyIdentifier of a root CA must be its subjectKeyIdentifier alone';
    },
  },
];

/** The octets of an empty SEQUENCE. */
const EMPTY_NAME = 2;
