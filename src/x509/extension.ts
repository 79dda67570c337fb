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
