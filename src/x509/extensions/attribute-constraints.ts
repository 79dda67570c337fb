import type { Der } from '../../formats/der/header.ts';
import { TAG } from '../../formats/der/writer.ts';
import { formatNumber, openExtension } from './extension.ts';

/** BasicAttConstraintsSyntax ::= SEQUENCE { authority BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } (X.509 §17.1.2.1) */
export function describeAttributeConstraints(value: Der): string[] {
  const reader = openExtension('BasicAttConstraintsSyntax', value);
  const isAuthority = reader.defaultFalse('authority');
  const length = reader.optionalElement('pathLenConstraint', TAG.integer);
  reader.end();
  const lines = [`authority:${isAuthority ? 'TRUE' : 'FALSE'}`];
  return length === undefined ? lines : [...lines, `pathlen:${formatNumber(length.contents)}`];
}
