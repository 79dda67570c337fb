import type { Der } from '../../formats/der/header.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { oidName } from '../../formats/oids.ts';
import { decodeGeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { openExtension } from './extension.ts';

/**
 * AuthorityInfoAccessSyntax and SubjectInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
 * AccessDescription ::= SEQUENCE {
 *      accessMethod          OBJECT IDENTIFIER,
 *      accessLocation        GeneralName }             -- RFC 5280 §4.2.2
 */
export function describeInformationAccess(value: Der): string[] {
  const list = openExtension('InfoAccessSyntax', value);
  const lines: string[] = [];
  do lines.push(describeAccess(list.structure('AccessDescription')));
  while (list.hasMore);
  return lines;
}

function describeAccess(description: StructureReader): string {
  const method = oidName(description.oid('accessMethod'));
  const location = description.element('accessLocation');
  description.end();
  return `${method} ${formatGeneralName(decodeGeneralName(location))}`;
}
