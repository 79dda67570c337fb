import type { Der } from '../../formats/der/header.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { elementText } from './element-text.ts';
import { openExtension } from './extension.ts';

/**
 * SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
 * Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY }       -- RFC 5280 §4.2.1.8
 *
 * Returns a line for each attribute.
 */
export function describeDirectoryAttributes(value: Der): string[] {
  const list = openExtension('SubjectDirectoryAttributes', value);
  const lines: string[] = [];
  do lines.push(describeAttribute(list.structure('Attribute')));
  while (list.hasMore);
  return lines;
}

function describeAttribute(attribute: StructureReader): string {
  const name = shownOidName(attribute.oid('type'));
  const values = attribute.structure('values', TAG.set);
  attribute.end();
  const texts: string[] = [];
  while (values.hasMore) texts.push(elementText(values.element('value')));
  return `${name}: ${texts.join(', ')}`;
}
