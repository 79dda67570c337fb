import {
  checkDistinguishedName,
  decodeDistinguishedName,
  type DistinguishedName,
} from './distinguished-name.ts';

/** The subject of a request, DER, when it may stand in a new certificate as it came. Throws PkiError invalid-subject. */
export function readRequestedSubject(der: Uint8Array): DistinguishedName {
  const name = decodeDistinguishedName(der);
  checkDistinguishedName(name);
  return name;
}
