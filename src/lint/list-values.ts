/** Reads the values of extensions that are lists of structures: policies, and addresses. Each reader throws PkiError. */

import type { Der } from '../formats/der/header.ts';
import type { DerElement } from '../formats/der/reader.ts';
import type { StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { openExtension } from '../x509/extensions/extension.ts';
import {
  decodeGeneralName,
  readGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../x509/names/general-name-encoding.ts';

export type AnyName = GeneralName | OtherGeneralName;

export interface Policy {
  readonly oid: string;
  readonly qualifiers: readonly { readonly oid: string; readonly qualifier: DerElement }[];
}

export function certificatePolicies(value: Der): readonly Policy[] {
  const list = openExtension('CertificatePolicies', value);
  const policies: Policy[] = [];
  do policies.push(policyOf(list.structure('PolicyInformation')));
  while (list.hasMore);
  return policies;
}

function policyOf(reader: StructureReader): Policy {
  const oid = reader.oid('policyIdentifier');
  const list = reader.optionalStructure('policyQualifiers', TAG.sequence);
  reader.end();
  return { oid, qualifiers: list === undefined ? [] : qualifiersOf(list) };
}

function qualifiersOf(list: StructureReader): Policy['qualifiers'] {
  const qualifiers: { oid: string; qualifier: DerElement }[] = [];
  while (list.hasMore) {
    const info = list.structure('PolicyQualifierInfo');
    qualifiers.push({ oid: info.oid('policyQualifierId'), qualifier: info.element('qualifier') });
    info.end();
  }
  return qualifiers;
}

export interface Point {
  /** Undefined unless distributionPoint is a fullName. */
  readonly names: readonly AnyName[] | undefined;
  readonly isRelative: boolean;
  readonly hasReasons: boolean;
  readonly hasIssuer: boolean;
}

export function distributionPoints(value: Der): readonly Point[] {
  const list = openExtension('CRLDistributionPoints', value);
  const points: Point[] = [];
  do points.push(pointOf(list.structure('DistributionPoint')));
  while (list.hasMore);
  return points;
}

function pointOf(point: StructureReader): Point {
  const name = point.optionalStructure('distributionPoint', 0xa0)?.element('DistributionPointName');
  const hasReasons = point.optionalElement('reasons', 0x81) !== undefined;
  const hasIssuer = point.optionalElement('cRLIssuer', 0xa2) !== undefined;
  point.end();
  const names = name?.tag === 0xa0 ? readGeneralNames(name) : undefined;
  return { names, isRelative: name?.tag === 0xa1, hasReasons, hasIssuer };
}

export interface Access {
  /** Dotted OID. */
  readonly method: string;
  readonly location: AnyName;
}

export function informationAccess(value: Der): readonly Access[] {
  const list = openExtension('InfoAccessSyntax', value);
  const accesses: Access[] = [];
  do {
    const description = list.structure('AccessDescription');
    const method = description.oid('accessMethod');
    accesses.push({ method, location: decodeGeneralName(description.element('accessLocation')) });
    description.end();
  } while (list.hasMore);
  return accesses;
}
