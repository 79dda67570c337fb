/** The extensions that limit the policies of a path (RFC 5280 §4.2.1.5, §4.2.1.11, §4.2.1.14). */

import type { Der } from '../../formats/der/header.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { oidName } from '../../formats/oids.ts';
import { formatNumber, invalidExtension, openExtension } from './extension.ts';

export interface PolicyMapping {
  /** Dotted OIDs. */
  readonly issuerPolicy: string;
  readonly subjectPolicy: string;
}

/**
 * PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy CertPolicyId }
 *
 * Throws PkiError invalid-extension.
 */
export function readPolicyMappings(value: Der): PolicyMapping[] {
  const list = openExtension('PolicyMappings', value);
  const mappings: PolicyMapping[] = [];
  do {
    const mapping = list.structure('PolicyMapping');
    const issuerPolicy = mapping.oid('issuerDomainPolicy');
    mappings.push({ issuerPolicy, subjectPolicy: mapping.oid('subjectDomainPolicy') });
    mapping.end();
  } while (list.hasMore);
  return mappings;
}

export const describePolicyMappings = (value: Der): string[] =>
  readPolicyMappings(value).map(
    ({ issuerPolicy, subjectPolicy }) => `${oidName(issuerPolicy)}:${oidName(subjectPolicy)}`,
  );

/** Numbers of certificates that can follow in a path; Infinity when absent. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number;
  readonly inhibitPolicyMapping: number;
}

/** Throws PkiError invalid-extension. */
export function readPolicyConstraints(value: Der): PolicyConstraints {
  const { explicit, mapping } = openPolicyConstraints(value);
  return {
    requireExplicitPolicy: explicit ? countOf(explicit) : Infinity,
    inhibitPolicyMapping: mapping ? countOf(mapping) : Infinity,
  };
}

export function describePolicyConstraints(value: Der): string[] {
  const { explicit, mapping } = openPolicyConstraints(value);
  return [
    ...(explicit ? [`requireExplicitPolicy:${formatNumber(contentsOf(explicit))}`] : []),
    ...(mapping ? [`inhibitPolicyMapping:${formatNumber(contentsOf(mapping))}`] : []),
  ];
}

/** PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] INTEGER (0..MAX) OPTIONAL } */
function openPolicyConstraints(value: Der): Record<'explicit' | 'mapping', DerElement | undefined> {
  const reader = openExtension('PolicyConstraints', value);
  const explicit = reader.optionalElement('requireExplicitPolicy', 0x80);
  const mapping = reader.optionalElement('inhibitPolicyMapping', 0x81);
  reader.end();
  return { explicit, mapping };
}

/** InhibitAnyPolicy ::= INTEGER (0..MAX). Throws PkiError invalid-extension. */
export const readInhibitAnyPolicy = (value: Der): number => countOf(openInhibitAnyPolicy(value));

export const describeInhibitAnyPolicy = (value: Der): string[] => [
  formatNumber(contentsOf(openInhibitAnyPolicy(value))),
];

function openInhibitAnyPolicy(value: Der): DerElement {
  const element = elementOf(value);
  if (element.tag === TAG.integer) return element;
  throw invalidExtension('InhibitAnyPolicy must be an INTEGER');
}

/** Returns the contents of an INTEGER whose IMPLICIT tag the DER check does not know. */
function contentsOf({ contents }: DerElement): Uint8Array {
  const fault = primitiveFault(TAG.integer, contents);
  if (fault !== undefined) throw invalidExtension(`The number is invalid: ${fault}`);
  return contents;
}

/** SkipCerts ::= INTEGER (0..MAX). A number of more than four octets is more than any path has. */
function countOf(element: DerElement): number {
  const contents = contentsOf(element);
  if ((contents[0] ?? 0) >= 0x80) throw invalidExtension('The number of certificates must not be negative');
  return contents.length > 4 ? Infinity : contents.reduce((value, octet) => value * 256 + octet, 0);
}
