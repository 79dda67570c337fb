import type { Der } from '../../formats/der/header.ts';
import { openExtension } from './extension.ts';

/** IANA TLS ExtensionType values that are used as features. */
const FEATURES: ReadonlyMap<number, string> = new Map([
  [5, 'status_request'],
  [17, 'status_request_v2'],
]);

/** Features ::= SEQUENCE OF INTEGER (RFC 7633 §4) */
export function describeTlsFeature(value: Der): string[] {
  const list = openExtension('Features', value);
  const lines: string[] = [];
  while (list.hasMore) {
    const feature = list.smallInteger('INTEGER');
    lines.push(FEATURES.get(feature) ?? String(feature));
  }
  return lines;
}
