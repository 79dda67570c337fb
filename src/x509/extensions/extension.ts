import type { Der } from '../../formats/der/header.ts';
import { boolean, objectIdentifier, octetString, sequence } from '../../formats/der/writer.ts';

/**
 * Extension  ::=  SEQUENCE  {
 *      extnID      OBJECT IDENTIFIER,
 *      critical    BOOLEAN DEFAULT FALSE,
 *      extnValue   OCTET STRING }           -- RFC 5280 §4.1
 */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The value inside extnValue. */
  readonly value: Der;
}

/** Returns one Extension, DER; `critical` is absent when false (X.690 §11.5). */
export const encodeExtension = ({ oid, critical, value }: Extension): Der =>
  critical
    ? sequence(objectIdentifier(oid), boolean(true), octetString(value))
    : sequence(objectIdentifier(oid), octetString(value));

export const extensionValue = (extensions: readonly Extension[], oid: string): Der | undefined =>
  extensions.find((extension) => extension.oid === oid)?.value;
