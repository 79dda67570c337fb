/**
 * QCStatements ::= SEQUENCE OF QCStatement
 * QCStatement ::= SEQUENCE {
 *      statementId          OBJECT IDENTIFIER,
 *      statementInfo        ANY DEFINED BY statementId OPTIONAL }          -- RFC 3739 §3.2.6
 *
 * The statements of ETSI EN 319 412-5 §4 and ETSI TS 119 495 §5.1.
 */

import type { Der } from '../../formats/der/header.ts';
import { membersOf, type DerElement } from '../../formats/der/reader.ts';
import { StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { statementOid } from '../../formats/known-purposes.ts';
import { decodeGeneralNames } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { formatNumber, openExtension } from './extension.ts';
import { primitiveText } from './primitive-text.ts';
import { elementText } from './element-text.ts';

export function describeQualifiedStatements(value: Der): string[] {
  const list = openExtension('QCStatements', value);
  const lines: string[] = [];
  do lines.push(describeStatement(list.structure('QCStatement')));
  while (list.hasMore);
  return lines;
}

function describeStatement(statement: StructureReader): string {
  const oid = statement.oid('statementId');
  const info = statement.hasMore ? statement.element('statementInfo') : undefined;
  statement.end();
  const name = shownOidName(oid);
  if (info === undefined) return name;
  return `${name}: ${(INFORMATION.get(oid) ?? elementText)(info)}`;
}

const open = (name: string, element: DerElement): StructureReader =>
  new StructureReader(element, { name, code: 'invalid-extension' });

/** MonetaryValue ::= SEQUENCE { currency, amount INTEGER, exponent INTEGER } */
function describeLimit(info: DerElement): string {
  const reader = open('MonetaryValue', info);
  const currency = primitiveText(reader.element('currency'));
  const amount = formatNumber(reader.integer('amount'));
  const exponent = formatNumber(reader.integer('exponent'));
  reader.end();
  return `${amount} * 10^${exponent} ${currency}`;
}

/** PdsLocations ::= SEQUENCE OF SEQUENCE { url IA5String, language PrintableString } */
const describeDisclosures = (info: DerElement): string =>
  Array.from(membersOf(info), (location) => {
    const [url, language] = membersOf(location);
    return [url, language].flatMap((text) => (text === undefined ? [] : [primitiveText(text)])).join(' ');
  }).join(', ');

/** SEQUENCE OF a primitive type: the purposes of qcType by name, the countries of qcCClegislation. */
const describeList = (info: DerElement): string => Array.from(membersOf(info), nameOf).join(', ');

const nameOf = (element: DerElement): string =>
  element.tag === TAG.objectIdentifier
    ? primitiveText(element).replace(/^\S+ \((.*)\)$/, '$1')
    : elementText(element);

/** SemanticsInformation ::= SEQUENCE { semanticsIdentifier OPTIONAL, nameRegistrationAuthorities GeneralNames OPTIONAL } */
const describeSemantics = (info: DerElement): string =>
  Array.from(membersOf(info), (member) =>
    member.tag === TAG.sequence
      ? decodeGeneralNames(member.encoding).map(formatGeneralName).join(', ')
      : nameOf(member),
  ).join(', ');

/** PSD2QcType ::= SEQUENCE { rolesOfPSP SEQUENCE OF SEQUENCE { OID, name }, nCAName, nCAId UTF8String } */
function describePaymentService(info: DerElement): string {
  const [roles, ...authority] = membersOf(info);
  const names = roles === undefined ? [] : Array.from(membersOf(roles), (role) => describeRole(role));
  return [names.join(', '), ...authority.map(elementText)].join('; ');
}

function describeRole(role: DerElement): string {
  const [type, name] = membersOf(role);
  return name === undefined ? (type ? nameOf(type) : '') : elementText(name);
}

const INFORMATION: ReadonlyMap<string, (info: DerElement) => string> = new Map([
  [statementOid['pkixQCSyntax-v1'], describeSemantics],
  [statementOid['pkixQCSyntax-v2'], describeSemantics],
  [statementOid.qcLimitValue, describeLimit],
  [statementOid.qcRetentionPeriod, (info: DerElement) => `${primitiveText(info)} years`],
  [statementOid.qcPDS, describeDisclosures],
  [statementOid.qcType, describeList],
  [statementOid.qcCClegislation, describeList],
  [statementOid.psd2, describePaymentService],
]);
