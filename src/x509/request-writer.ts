/**
 * CertificationRequestInfo ::= SEQUENCE {
 *      version       INTEGER { v1(0) } (v1,...),
 *      subject       Name,
 *      subjectPKInfo SubjectPublicKeyInfo,
 *      attributes    [0] IMPLICIT SET OF Attribute }         -- RFC 2986 §4.1
 *
 * extensionRequest (RFC 2985 §5.4.2) is written only with extensions to ask for.
 */

import {
  compareEncodings,
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
  /** Beside extensionRequest: each a whole Attribute. */
  readonly attributes?: readonly Uint8Array[] | undefined;
}

const VERSION_1 = unsignedInteger(0);
const EXTENSION_REQUEST = objectIdentifier(attributeOid.extensionRequest);

/** Returns a whole Attribute with one value, DER. */
export const encodeAttribute = (type: string, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(type), setOf(value));

const extensionRequest = (extensions: readonly Uint8Array[]): readonly Uint8Array[] =>
  extensions.length === 0 ? [] : [sequence(EXTENSION_REQUEST, setOf(sequence(...extensions)))];

/** A SET under an IMPLICIT tag: its elements ascend (X.690 §11.6). */
const encodeAttributes = ({ extensions, attributes = [] }: RequestContent): Uint8Array =>
  contextConstructed(0, ...[...extensionRequest(extensions), ...attributes].toSorted(compareEncodings));

export const encodeRequestInfo = (content: RequestContent): Uint8Array =>
  sequence(VERSION_1, content.subject, content.subjectPublicKeyInfo, encodeAttributes(content));
