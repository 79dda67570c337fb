import { PkiError } from '../errors.ts';
import { membersOf, parseDer } from '../formats/der-reader.ts';
import { TAG } from '../formats/der-writer.ts';
import {
  checkDistinguishedName,
  decodeDistinguishedName,
  type DistinguishedName,
} from './distinguished-name.ts';

/** String types of new names (RFC 5280 §4.1.2.4, §4.1.2.6: no TeletexString, BMPString or UniversalString). */
const STRING_TYPES: ReadonlySet<number> = new Set([TAG.utf8String, TAG.printableString, TAG.ia5String]);

/** The subject of a request, DER, when it may stand in a new certificate as it came. Throws PkiError. */
export function readRequestedSubject(der: Uint8Array): DistinguishedName {
  const values = membersOf(parseDer(der))
    .flatMap(membersOf)
    .flatMap((attribute) => membersOf(attribute).slice(1));
  if (values.some(({ tag }) => !STRING_TYPES.has(tag))) {
    throw new PkiError(
      'invalid-subject',
      'its subject has a value that is neither UTF8String nor PrintableString',
    );
  }
  const name = decodeDistinguishedName(der);
  checkDistinguishedName(name);
  return name;
}
