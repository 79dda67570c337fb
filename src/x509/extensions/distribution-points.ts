import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { contextConstructed, sequence } from '../../formats/der/writer.ts';
import { readRelativeDistinguishedName } from '../names/distinguished-name.ts';
import {
  encodeGeneralName,
  readGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { formatOneLine } from '../names/name-text.ts';
import { openExtension } from './extension.ts';
import { isBitSet } from './key-usage.ts';

/** ReasonFlags ::= BIT STRING, in the order of its bits. */
const REASONS = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
];

/**
 * CRLDistributionPoints and FreshestCRL ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 * DistributionPoint ::= SEQUENCE {
 *      distributionPoint       [0]     DistributionPointName OPTIONAL,
 *      reasons                 [1]     ReasonFlags OPTIONAL,
 *      cRLIssuer               [2]     GeneralNames OPTIONAL }        -- RFC 5280 §4.2.1.13
 */
export function describeDistributionPoints(value: Der): string[] {
  const list = openExtension('CRLDistributionPoints', value);
  const lines: string[] = [];
  do lines.push(...describePoint(list.structure('DistributionPoint')));
  while (list.hasMore);
  return lines;
}

/** The parts of a DistributionPoint, unread. */
interface PointParts {
  readonly name: DerElement | undefined;
  readonly reasons: DerElement | undefined;
  readonly issuer: DerElement | undefined;
}

function openPoint(point: StructureReader): PointParts {
  const name = point.optionalStructure('distributionPoint', 0xa0)?.element('DistributionPointName');
  const reasons = point.optionalElement('reasons', 0x81);
  const issuer = point.optionalElement('cRLIssuer', 0xa2);
  point.end();
  return { name, reasons, issuer };
}

function describePoint(point: StructureReader): string[] {
  const { name, reasons, issuer } = openPoint(point);
  return [
    ...(name ? describePointName(name) : []),
    ...(reasons ? [`only for ${describeReasons(reasons)}`] : []),
    ...(issuer ? describeNames(issuer).map((text) => `CRL issuer ${text}`) : []),
  ];
}

export interface DistributionPoint {
  /** DistributionPointName, a CHOICE. */
  readonly name: DerElement | undefined;
  /** Names of CRLReasons; undefined for all of them. */
  readonly reasons: readonly string[] | undefined;
  /** cRLIssuer; undefined for the issuer of the certificate. */
  readonly issuer: readonly (GeneralName | OtherGeneralName)[] | undefined;
}

/** Throws PkiError invalid-extension or invalid-san. */
export function readDistributionPoints(value: Der): DistributionPoint[] {
  const list = openExtension('CRLDistributionPoints', value);
  const points: DistributionPoint[] = [];
  do {
    const { name, reasons, issuer } = openPoint(list.structure('DistributionPoint'));
    points.push({
      name,
      reasons: reasons && readReasons(reasons),
      issuer: issuer && readGeneralNames(issuer),
    });
  } while (list.hasMore);
  return points;
}

/** The reasons that a CRL can be limited to (RFC 5280 §4.2.1.13). */
export const REVOCATION_REASONS: readonly string[] = Object.freeze(REASONS.slice(1));

export const readReasons = ({ contents }: DerElement): string[] =>
  REASONS.filter((_, bit) => bit > 0 && isBitSet(contents, bit));

/**
 * DistributionPointName ::= CHOICE {
 *      fullName                [0]     GeneralNames,
 *      nameRelativeToCRLIssuer [1]     RelativeDistinguishedName }
 */
export const describePointName = (name: DerElement): string[] =>
  name.tag === 0xa1
    ? [`relative to the CRL issuer ${formatOneLine([readRelativeDistinguishedName(name)])}`]
    : describeNames(name);

export const describeReasons = ({ contents }: DerElement): string =>
  REASONS.filter((_, bit) => isBitSet(contents, bit)).join(', ') || 'no reason';

/** One point for each URI: each has the CRL for all reasons, signed by the CA. `uris` must not be empty. */
export const encodeDistributionPoints = (uris: readonly string[]): Der => sequence(...uris.map(encodePoint));

const encodePoint = (uri: string): Der => sequence(encodePointName(uri));

/** `[0] DistributionPointName` with a URI as fullName: the same octets in a certificate and in its CRL (RFC 5280 §5.2.5). */
export const encodePointName = (uri: string): Der =>
  contextConstructed(0, contextConstructed(0, encodeGeneralName({ kind: 'URI', value: uri })));

/** Throws PkiError invalid-extension unless every point names its CRL or who signs it (RFC 5280 §4.2.1.13). */
export function checkDistributionPoints(value: Der): void {
  const list = openExtension('CRLDistributionPoints', value);
  do checkPoint(list.structure('DistributionPoint'));
  while (list.hasMore);
}

function checkPoint(point: StructureReader): void {
  const name = point.optionalElement('distributionPoint', 0xa0);
  point.optionalElement('reasons', 0x81);
  const issuer = point.optionalElement('cRLIssuer', 0xa2);
  point.end();
  if (name === undefined && issuer === undefined)
    throw point.fault('distributionPoint', 'must be present when cRLIssuer is absent');
}

const describeNames = (names: DerElement): string[] => readGeneralNames(names).map(formatGeneralName);
