import type { Der } from '../../formats/der/header.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { escapeOctets } from '../names/printable-text.ts';
import { formatNumber, openExtension } from './extension.ts';

/** SXNET ::= SEQUENCE { version INTEGER, ids SEQUENCE OF SEQUENCE { zone INTEGER, user OCTET STRING } } (Thawte) */
export function describeStrongExtranet(value: Der): string[] {
  const reader = openExtension('SXNET', value);
  const lines = [`Version: ${reader.smallInteger('version') + 1}`];
  const ids = reader.structure('ids');
  reader.end();
  while (ids.hasMore) lines.push(describeUser(ids.structure('SXNETID')));
  return lines;
}

function describeUser(id: StructureReader): string {
  const zone = formatNumber(id.integer('zone'));
  const user = escapeOctets(Buffer.from(id.octetString('user')).toString('latin1'));
  id.end();
  return `Zone: ${zone}, User: ${user}`;
}
