/** The extensions that limit the policies of a path (RFC 5280 §4.2.1.5, §4.2.1.11, §4.2.1.14). */

import type { Der } from '../../formats/der/header.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { oidName } from '../../formats/oids.ts';
import { formatNumber, invalidExtension, openExtension } from './extension.ts';

/** PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy CertPolicyId } */
export function describePolicyMappings(value: Der): string[] {
  const list = openExtension('PolicyMappings', value);
  const lines: string[] = [];
  do {
    const mapping = list.structure('PolicyMapping');
    const issuer = mapping.oid('issuerDomainPolicy');
    lines.push(`${oidName(issuer)}:${oidName(mapping.oid('subjectDomainPolicy'))}`);
    mapping.end();
  } while (list.hasMore);
  return lines;
}

/** PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] INTEGER (0..MAX) OPTIONAL } */
export function describePolicyConstraints(value: Der): string[] {
  const reader = openExtension('PolicyConstraints', value);
  const explicit = reader.optionalElement('requireExplicitPolicy', 0x80);
  const mapping = reader.optionalElement('inhibitPolicyMapping', 0x81);
  reader.end();
  return [
    ...(explicit ? [`requireExplicitPolicy:${numberOf(explicit)}`] : []),
    ...(mapping ? [`inhibitPolicyMapping:${numberOf(mapping)}`] : []),
  ];
}

/** InhibitAnyPolicy ::= INTEGER (0..MAX) */
export function describeInhibitAnyPolicy(value: Der): string[] {
  const element = elementOf(value);
  if (element.tag === TAG.integer) return [numberOf(element)];
  throw invalidExtension('InhibitAnyPolicy must be an INTEGER');
}

function numberOf({ contents }: DerElement): string {
  const fault = primitiveFault(TAG.integer, contents);
  if (fault !== undefined) throw invalidExtension(`The number is invalid: ${fault}`);
  return formatNumber(contents);
}
