import type { Der } from '../../formats/der/header.ts';
import { decodeText, type DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { ia5String, objectIdentifier, sequence, TAG } from '../../formats/der/writer.ts';
import { describeOid, oidName, policyQualifierOid } from '../../formats/oids.ts';
import { escapeHidden } from '../names/printable-text.ts';
import { formatNumber, invalidExtension, openExtension } from './extension.ts';

/**
 * certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
 * PolicyInformation ::= SEQUENCE {
 *      policyIdentifier   CertPolicyId,
 *      policyQualifiers   SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }      -- RFC 5280 §4.2.1.4
 *
 * Returns a line for each policy, and after it an indented line for each part of its qualifiers.
 */
export function describeCertificatePolicies(value: Der): string[] {
  const list = openExtension('CertificatePolicies', value);
  const lines: string[] = [];
  do describePolicy(list.structure('PolicyInformation'), lines);
  while (list.hasMore);
  return lines;
}

function describePolicy(policy: StructureReader, lines: string[]): void {
  lines.push(oidName(policy.oid('policyIdentifier')));
  const qualifiers = policy.optionalStructure('policyQualifiers', TAG.sequence);
  policy.end();
  if (qualifiers === undefined) return;
  do lines.push(...describeQualifier(qualifiers.structure('PolicyQualifierInfo')));
  while (qualifiers.hasMore);
}

/** PolicyQualifierInfo ::= SEQUENCE { policyQualifierId OBJECT IDENTIFIER, qualifier ANY DEFINED BY policyQualifierId } */
function describeQualifier(info: StructureReader): string[] {
  const oid = info.oid('policyQualifierId');
  if (oid === policyQualifierOid.userNotice) return describeUserNotice(info);
  const qualifier = info.element('qualifier');
  info.end();
  return oid === policyQualifierOid.cps ? [`  CPS: ${textOf(qualifier)}`] : [`  ${oidName(oid)}`];
}

/**
 * UserNotice ::= SEQUENCE {
 *      noticeRef        NoticeReference OPTIONAL,
 *      explicitText     DisplayText OPTIONAL }
 */
function describeUserNotice(info: StructureReader): string[] {
  const notice = info.structure('qualifier');
  info.end();
  const reference = notice.optionalStructure('noticeRef', TAG.sequence);
  const text = notice.hasMore ? notice.element('explicitText') : undefined;
  notice.end();
  return [
    '  User Notice:',
    ...(reference ? describeReference(reference) : []),
    ...(text ? [`    Explicit Text: ${textOf(text)}`] : []),
  ];
}

/** NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER } */
function describeReference(reference: StructureReader): string[] {
  const organization = textOf(reference.element('organization'));
  const list = reference.structure('noticeNumbers');
  reference.end();
  const numbers: string[] = [];
  while (list.hasMore) numbers.push(formatNumber(list.integer('noticeNumber')));
  return [`    Organization: ${organization}`, `    Numbers: ${numbers.join(', ')}`];
}

/** DisplayText and IA5String; other types are shown by their tag. */
const textOf = (element: DerElement): string =>
  escapeHidden(decodeText(element) ?? `[${element.tag.toString(16)}]`, String.raw`\x`);

export interface CertificatePolicy {
  /** Dotted OID. */
  readonly oid: string;
  /** URI of the certification practice statement. */
  readonly cps?: string | undefined;
}

/** `policies` must not be empty, and has each OID once. */
export const encodeCertificatePolicies = (policies: readonly CertificatePolicy[]): Der =>
  sequence(...policies.map(encodePolicy));

const CPS = objectIdentifier(policyQualifierOid.cps);

const encodePolicy = ({ oid, cps }: CertificatePolicy): Der =>
  cps === undefined
    ? sequence(objectIdentifier(oid))
    : sequence(objectIdentifier(oid), sequence(sequence(CPS, ia5String(cps))));

/** Returns dotted OIDs. Throws PkiError invalid-extension, also for an OID that occurs twice (RFC 5280 §4.2.1.4). */
export function readPolicyIdentifiers(value: Der): string[] {
  const list = openExtension('CertificatePolicies', value);
  const policies: string[] = [];
  do policies.push(readIdentifier(list.structure('PolicyInformation')));
  while (list.hasMore);
  const seen = new Set<string>();
  const twice = policies.find((oid) => seen.size === seen.add(oid).size);
  if (twice === undefined) return policies;
  throw invalidExtension(`The policy ${describeOid(twice)} must not occur twice`);
}

function readIdentifier(policy: StructureReader): string {
  const oid = policy.oid('policyIdentifier');
  policy.optionalElement('policyQualifiers', TAG.sequence);
  policy.end();
  return oid;
}
