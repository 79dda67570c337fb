import type { Der } from '../../formats/der/header.ts';
import { decodeText, type DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { ia5String, objectIdentifier, sequence, TAG } from '../../formats/der/writer.ts';
import { oidWithName } from '../../formats/known-oids.ts';
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
export const describeCertificatePolicies = (value: Der): string[] => describePolicies(value, oidName);

/** ApplicationCertPolicies of Microsoft: the same syntax, with the OIDs of purposes (MS-WCCE §2.2.2.7.7.3). */
export const describeApplicationPolicies = (value: Der): string[] => describePolicies(value, oidWithName);

type NameOf = (oid: string) => string;

function describePolicies(value: Der, nameOf: NameOf): string[] {
  const list = openExtension('CertificatePolicies', value);
  const lines: string[] = [];
  do lines.push(...describePolicy(list.structure('PolicyInformation'), nameOf));
  while (list.hasMore);
  return lines;
}

function describePolicy(policy: StructureReader, nameOf: NameOf): string[] {
  const lines = [nameOf(policy.oid('policyIdentifier'))];
  const qualifiers = policy.optionalStructure('policyQualifiers', TAG.sequence);
  policy.end();
  if (qualifiers === undefined) return lines;
  do lines.push(...describeQualifier(qualifiers.structure('PolicyQualifierInfo')));
  while (qualifiers.hasMore);
  return lines;
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
  return describeNotice(notice);
}

function describeNotice(notice: StructureReader): string[] {
  const reference = notice.optionalStructure('noticeRef', TAG.sequence);
  const text = notice.hasMore ? notice.element('explicitText') : undefined;
  notice.end();
  return [
    '  User Notice:',
    ...(reference ? describeReference(reference) : []),
    ...(text ? [`    Explicit Text: ${textOf(text)}`] : []),
  ];
}

/** UserNoticeSyntax ::= SEQUENCE SIZE (1..MAX) OF UserNotice (X.509 §15.1.2.6) */
export function describeUserNotices(value: Der): string[] {
  const list = openExtension('UserNoticeSyntax', value);
  const lines: string[] = [];
  do lines.push(...describeNotice(list.structure('UserNotice')));
  while (list.hasMore);
  return lines;
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
  escapeHidden(decodeText(element) ?? `[${element.tag.toString(16)}]`);

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
