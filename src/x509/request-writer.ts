/**
 * CertificationRequestInfo ::= SEQUENCE {
 *      version       INTEGER { v1(0) } (v1,...),
 *      subject       Name,
 *      subjectPKInfo SubjectPublicKeyInfo,
 *      attributes    [0] IMPLICIT SET OF Attribute }         -- RFC 2986 §4.1
 *
 * The only attribute written is extensionRequest (RFC 2985 §5.4.2), and that only with extensions to ask for.
 */

import {
  contextConstructed,
  objectIdentifier,
  sequence,
  setOf,
  unsignedInteger,
} from '../formats/der/writer.ts';
import { attributeOid } from '../formats/oids.ts';

export interface RequestContent {
  /** Name and SubjectPublicKeyInfo, DER. */
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  /** Each a whole Extension. */
  readonly extensions: readonly Uint8Array[];
}

const VERSION_1 = unsignedInteger(0);
const EXTENSION_REQUEST = objectIdentifier(attributeOid.extensionRequest);

const attributes = (extensions: readonly Uint8Array[]): Uint8Array =>
  extensions.length === 0
    ? contextConstructed(0)
    : contextConstructed(0, sequence(EXTENSION_REQUEST, setOf(sequence(...extensions))));

export const encodeRequestInfo = (content: RequestContent): Uint8Array =>
  sequence(VERSION_1, content.subject, content.subjectPublicKeyInfo, attributes(content.extensions));
