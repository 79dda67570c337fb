/**
 * certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
 *
 * PolicyInformation ::= SEQUENCE {
 *      policyIdentifier   OBJECT IDENTIFIER,
 *      policyQualifiers   SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
 *
 * PolicyQualifierInfo ::= SEQUENCE {
 *      policyQualifierId  OBJECT IDENTIFIER,       -- id-qt-cps
 *      qualifier          IA5String }              -- CPSuri; RFC 5280 §4.2.1.4
 */

import { PkiError } from '../../base/errors.ts';
import { openSequence } from '../../formats/der/structure-reader.ts';
import { ia5String, objectIdentifier, sequence } from '../../formats/der/writer.ts';
import { describeOid } from '../../formats/oids.ts';

export interface CertificatePolicy {
  /** Dotted OID. */
  readonly oid: string;
  /** URI of the certification practice statement. */
  readonly cps?: string | undefined;
}

const CPS = objectIdentifier('1.3.6.1.5.5.7.2.1');

/** `policies` must not be empty, and has each OID once. */
export const encodeCertificatePolicies = (policies: readonly CertificatePolicy[]): Uint8Array =>
  sequence(...policies.map(policyInformation));

const policyInformation = ({ oid, cps }: CertificatePolicy): Uint8Array =>
  cps === undefined
    ? sequence(objectIdentifier(oid))
    : sequence(objectIdentifier(oid), sequence(sequence(CPS, ia5String(cps))));

/** Returns the dotted OIDs. Throws PkiError when one occurs twice (RFC 5280 §4.2.1.4), or for another structure. */
export function readPolicyIdentifiers(value: Uint8Array): string[] {
  const list = openSequence(value, { name: 'CertificatePolicies', code: 'invalid-extension' });
  const policies: string[] = [];
  do {
    const information = list.structure('PolicyInformation');
    const oid = information.oid('policyIdentifier');
    if (policies.includes(oid))
      throw new PkiError('invalid-extension', `The policy ${describeOid(oid)} must not occur twice`);
    information.optionalElement('policyQualifiers', 0x30);
    information.end();
    policies.push(oid);
  } while (list.hasMore);
  return policies;
}
