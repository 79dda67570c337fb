import * as pkijs from 'pkijs';
import type { Der } from '../../formats/der/header.ts';
import { oidName } from '../../formats/oids.ts';
import { openExtension } from './extension.ts';
import { encodePkijs } from './pkijs-value.ts';

/** ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId; purposes as dotted OIDs (RFC 5280 §4.2.1.12). */
export const encodeExtendedKeyUsage = (purposes: readonly string[]): Der =>
  encodePkijs(new pkijs.ExtKeyUsage({ keyPurposes: [...purposes] }));

/** Returns dotted OIDs, each once. Throws PkiError invalid-extension. */
export function readExtendedKeyUsage(value: Der): string[] {
  const reader = openExtension('ExtKeyUsageSyntax', value);
  const purposes: string[] = [];
  do purposes.push(reader.oid('KeyPurposeId'));
  while (reader.hasMore);
  if (new Set(purposes).size < purposes.length)
    throw reader.error('ExtKeyUsageSyntax must contain each purpose once');
  return purposes;
}

export const describeExtendedKeyUsage = (value: Der): string[] => readExtendedKeyUsage(value).map(oidName);
