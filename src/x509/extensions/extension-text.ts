/** Describes extensions in readable lines. */

import * as pkijs from 'pkijs';
import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { extensionOid, oidName } from '../../formats/oids.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import type { ExtensionDescription, ExtensionSummary } from '../description/description.ts';
import { extensionValue, type Extension } from './extension.ts';
import {
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from './extension-values.ts';
import { decodeGeneralName, decodeGeneralNames, readGeneralNames } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { formatIpAddress } from '../names/ip-address.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { readNameConstraints } from './name-constraints-reader.ts';
import type { Subtree } from '../path/name-constraints.ts';
import { formatOneLine } from '../names/name-text.ts';
import { formatSerialNumber } from '../serial-number.ts';
import { escapeHidden } from '../names/printable-text.ts';

type Format = (value: Der) => string[];

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  [extensionOid.basicConstraints, basicConstraintsText],
  [extensionOid.keyUsage, readKeyUsage],
  [extensionOid.extendedKeyUsage, (value) => readExtendedKeyUsage(value).map(oidName)],
  [extensionOid.subjectKeyIdentifier, (value) => [hexadecimal(readSubjectKeyIdentifier(value))]],
  [extensionOid.authorityKeyIdentifier, authorityKeyIdentifierText],
  [extensionOid.subjectAltName, generalNamesText],
  [extensionOid.issuerAltName, generalNamesText],
  [extensionOid.nameConstraints, nameConstraintsText],
  [extensionOid.authorityInfoAccess, infoAccessText],
  [extensionOid.subjectInfoAccess, infoAccessText],
  [extensionOid.certificatePolicies, certificatePoliciesText],
  [extensionOid.cRLDistributionPoints, distributionPointsText],
  [extensionOid.freshestCRL, distributionPointsText],
  [extensionOid.noRevAvail, () => ['no revocation information is published']],
  [extensionOid.ocspNoCheck, () => ['revocation is not checked']],
]);

/** An unknown or malformed value is shown in hexadecimal. */
export function describeExtension({ oid, critical, value }: Extension): ExtensionDescription {
  return { oid, name: oidName(oid), critical, value: formatValue(oid, value) };
}

/** Returns the values of the most important extensions. A malformed extension is only in the full list, in hexadecimal. */
export function summarizeExtensions(extensions: readonly Extension[]): ExtensionSummary {
  const read = <T>(oid: string, reader: (value: Der) => T): T | undefined => {
    const value = extensionValue(extensions, oid);
    return value && ifWellFormed(() => reader(value));
  };
  const constraints = read(extensionOid.basicConstraints, readBasicConstraints);
  const authority = read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  const text = (oid: string): string[] | undefined => read(oid, (value) => FORMATS.get(oid)?.(value) ?? []);
  return {
    isCa: constraints?.cA ?? false,
    pathLength: constraints?.pathLength,
    subjectAltNames: text(extensionOid.subjectAltName) ?? [],
    keyUsage: text(extensionOid.keyUsage),
    extendedKeyUsage: text(extensionOid.extendedKeyUsage),
    subjectKeyIdentifier: text(extensionOid.subjectKeyIdentifier)?.[0],
    authorityKeyIdentifier: authority?.keyIdentifier && hexadecimal(authority.keyIdentifier),
  };
}

const formatValue = (oid: string, value: Der): string[] =>
  ifWellFormed(() => FORMATS.get(oid)?.(value)) ?? [hexadecimal(value)];

function ifWellFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError || error instanceof pkijs.AsnError) return undefined;
    throw error;
  }
}

function basicConstraintsText(value: Der): string[] {
  const { cA, pathLength } = readBasicConstraints(value);
  const lines = [`CA:${cA ? 'TRUE' : 'FALSE'}`];
  return pathLength === undefined ? lines : [...lines, `pathlen:${pathLength}`];
}

function authorityKeyIdentifierText(value: Der): string[] {
  const { keyIdentifier, issuer, serialNumber } = readAuthorityKeyIdentifier(value);
  return [
    ...(keyIdentifier ? [hexadecimal(keyIdentifier)] : []),
    ...issuer.map((name) => `issuer ${formatGeneralName(name)}`),
    ...(serialNumber ? [`serial number ${formatSerialNumber(serialNumber)}`] : []),
  ];
}

function generalNamesText(value: Der): string[] {
  return decodeGeneralNames(value).map(formatGeneralName);
}

function nameConstraintsText(value: Der): string[] {
  const { permitted, excluded } = readNameConstraints(value);
  return [
    ...permitted.map((subtree) => `permitted ${subtreeText(subtree)}`),
    ...excluded.map((subtree) => `excluded ${subtreeText(subtree)}`),
  ];
}

function subtreeText(subtree: Subtree): string {
  switch (subtree.kind) {
    case 'IP':
      return `IP:${formatIpAddress(subtree.address)}/${formatIpAddress(subtree.mask)}`;
    case 'dirName':
      return `dirName:${formatOneLine(subtree.name)}`;
    case 'RID':
    case 'other':
      return subtree.kind;
    default:
      return `${subtree.kind}:${escapeHidden(subtree.value, String.raw`\x`)}`;
  }
}

/**
 * AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
 * AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName } -- RFC 5280 §4.2.2.1
 */
function infoAccessText(value: Der): string[] {
  const list = openSequence(value, { name: 'InfoAccess', code: 'invalid-extension' });
  const lines: string[] = [];
  do lines.push(...accessDescriptionText(list.structure('AccessDescription')));
  while (list.hasMore);
  return lines;
}

function accessDescriptionText(description: StructureReader): string[] {
  const method = oidName(description.oid('accessMethod'));
  const location = description.element('accessLocation');
  description.end();
  return [`${method} ${formatGeneralName(decodeGeneralName(location))}`];
}

/**
 * CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 * DistributionPoint ::= SEQUENCE {
 *      distributionPoint       [0]     DistributionPointName OPTIONAL,
 *      reasons                 [1]     ReasonFlags OPTIONAL,
 *      cRLIssuer               [2]     GeneralNames OPTIONAL }
 * DistributionPointName ::= CHOICE {
 *      fullName                [0]     GeneralNames,
 *      nameRelativeToCRLIssuer [1]     RelativeDistinguishedName }        -- RFC 5280 §4.2.1.13
 */
function distributionPointsText(value: Der): string[] {
  const list = openSequence(value, { name: 'CRLDistributionPoints', code: 'invalid-extension' });
  const lines: string[] = [];
  do lines.push(...distributionPointText(list.structure('DistributionPoint')));
  while (list.hasMore);
  return lines;
}

function distributionPointText(point: StructureReader): string[] {
  const name = point.optionalStructure('distributionPoint', 0xa0)?.element('DistributionPointName');
  const reasons = point.optionalElement('reasons', 0x81);
  const issuer = point.optionalElement('cRLIssuer', 0xa2);
  point.end();
  return [
    ...(name?.tag === 0xa0 ? namesText(name) : []),
    ...(name?.tag === 0xa1 ? ['a name relative to that of the CRL issuer'] : []),
    ...(reasons ? ['for some reasons only'] : []),
    ...(issuer ? namesText(issuer).map((text) => `CRL issuer ${text}`) : []),
  ];
}

/** `names` are GeneralNames with an IMPLICIT tag. */
const namesText = (names: DerElement): string[] => readGeneralNames(names).map(formatGeneralName);

function certificatePoliciesText(value: Der): string[] {
  const { certificatePolicies } = pkijs.CertificatePolicies.fromBER(value);
  return certificatePolicies.map(({ policyIdentifier }) => oidName(policyIdentifier));
}
