/** Extensions that are a SEQUENCE of values of one kind, or of a few members. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf, membersOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { oidWithName } from '../../formats/known-oids.ts';
import { elementText } from './element-text.ts';
import { invalidExtension, openExtension } from './extension.ts';

/** SEQUENCE OF OBJECT IDENTIFIER: acceptableCertPolicies, acceptablePrivPolicies, acceptableResponses of OCSP. */
export function describeIdentifiers(value: Der): string[] {
  const list = openExtension('The list', value);
  const lines: string[] = [];
  do lines.push(oidWithName(list.oid('OBJECT IDENTIFIER')));
  while (list.hasMore);
  return lines;
}

/** SMIMECapabilities ::= SEQUENCE OF SEQUENCE { capabilityID OBJECT IDENTIFIER, parameters ANY OPTIONAL } (RFC 8551 §2.5.2) */
export function describeCapabilities(value: Der): string[] {
  const list = openExtension('SMIMECapabilities', value);
  const lines: string[] = [];
  while (list.hasMore) {
    const capability = list.structure('SMIMECapability');
    const name = oidWithName(capability.oid('capabilityID'));
    const parameters = capability.hasMore ? [elementText(capability.element('parameters'))] : [];
    capability.end();
    lines.push([name, ...parameters].join(' '));
  }
  return lines;
}

/** A SEQUENCE of texts with names for them, in their order; members that are left out are at the end. */
export const describeTexts =
  (...names: readonly string[]) =>
  (value: Der): string[] => {
    const element = elementOf(value);
    const members = element.tag === TAG.sequence ? [...membersOf(element)] : [];
    if (members.length < 2 || members.length > names.length)
      throw invalidExtension(`The value must be a SEQUENCE of ${names.join(', ')}`);
    return members.map((member, index) => `${names[index]}: ${elementText(member)}`);
  };
