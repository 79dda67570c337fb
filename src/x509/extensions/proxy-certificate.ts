import type { Der } from '../../formats/der/header.ts';
import { TAG } from '../../formats/der/writer.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { escapeOctets } from '../names/printable-text.ts';
import { formatNumber, openExtension } from './extension.ts';

/**
 * ProxyCertInfo ::= SEQUENCE {
 *      pCPathLenConstraint   INTEGER (0..MAX) OPTIONAL,
 *      proxyPolicy           SEQUENCE { policyLanguage OBJECT IDENTIFIER, policy OCTET STRING OPTIONAL } }
 *                                                                                  -- RFC 3820 §3.8
 */
export function describeProxyCertificate(value: Der): string[] {
  const reader = openExtension('ProxyCertInfo', value);
  const pathLength = reader.optionalElement('pCPathLenConstraint', TAG.integer);
  const policy = reader.structure('proxyPolicy');
  reader.end();
  const language = shownOidName(policy.oid('policyLanguage'));
  const text = policy.optionalElement('policy', TAG.octetString);
  policy.end();
  return [
    `Path Length Constraint: ${pathLength ? formatNumber(pathLength.contents) : 'infinite'}`,
    `Policy Language: ${language}`,
    ...(text ? [`Policy Text: ${escapeOctets(Buffer.from(text.contents).toString('latin1'))}`] : []),
  ];
}
