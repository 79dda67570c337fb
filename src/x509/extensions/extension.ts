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
  /** DER of the value inside extnValue. */
  readonly value: Uint8Array;
}

/** Returns one Extension, DER; `critical` is absent when false (X.690 §11.5). */
export const encodeExtension = ({ oid, critical, value }: Extension): Uint8Array =>
  critical
    ? sequence(objectIdentifier(oid), boolean(true), octetString(value))
    : sequence(objectIdentifier(oid), octetString(value));

export const extensionValue = (extensions: readonly Extension[], oid: string): Uint8Array | undefined =>
  extensions.find((extension) => extension.oid === oid)?.value;
