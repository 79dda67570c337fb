/**
 * The attributes of a certification request in readable lines. Some protocols put passwords there: those are never shown.
 */

import { ifReadable } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { decodeOid, elementOf, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownAttributeOid as known, shownOidName } from '../../formats/known-oids.ts';
import { attributeOid } from '../../formats/oids.ts';
import { elementText } from '../extensions/element-text.ts';
import { describeTexts } from '../extensions/lists.ts';
import { describeRelatedRequest } from '../related-request.ts';
import type { AttributeDescription } from './description.ts';

/** RFC 2985 §5.4.1, RFC 7894 §3, RFC 4211 §6.1, §6.2. */
const SECRETS: ReadonlySet<string> = new Set([
  attributeOid.challengePassword,
  known.otpChallenge,
  known.revocationChallenge,
  known.estIdentityLinking,
  known.regTokenControl,
  known.authenticatorControl,
]);

const HIDDEN = 'present, not shown';

/** `attributes` are each an Attribute, DER (RFC 2986 §4.1). */
export const describeAttributes = (attributes: readonly Der[]): AttributeDescription[] =>
  attributes.flatMap((attribute) => describeAttribute(elementOf(attribute)));

/** Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY } */
function describeAttribute(attribute: DerElement): AttributeDescription[] {
  const [type, values] = membersOf(attribute);
  if (type?.tag !== TAG.objectIdentifier || values === undefined) return [];
  const oid = decodeOid(type.contents);
  const value = SECRETS.has(oid) ? [HIDDEN] : linesOf(oid, values);
  return [{ oid, name: shownOidName(oid), value }];
}

/** Values of another structure are outlined; those without any are shown in hexadecimal. */
function linesOf(oid: string, values: DerElement): string[] {
  const format = FORMATS.get(oid);
  const members = ifReadable(() => Array.from(membersOf(values)));
  if (members === undefined) return [hexadecimal(values.contents)];
  return members.flatMap(
    (value) =>
      (format && ifReadable(() => format(value.encoding))) ??
      ifReadable(() => [elementText(value)]) ?? [hexadecimal(value.encoding)],
  );
}

/** The extensions themselves are described apart. */
const extensionNames = (extensions: Der): string[] =>
  Array.from(membersOf(elementOf(extensions)), nameOfExtension);

function nameOfExtension(extension: DerElement): string {
  const [oid] = membersOf(extension);
  return oid?.tag === TAG.objectIdentifier ? shownOidName(decodeOid(oid.contents)) : elementText(extension);
}

/** A value with such a name is a secret. */
const SECRET_NAME = /pass|pin|secret|token|challenge/i;

/** EnrollmentNameValuePair ::= SEQUENCE { name BMPString, value BMPString } (MS-WCCE §2.2.2.7.10) */
function nameAndValue(pair: Der): string[] {
  const [name, value] = membersOf(elementOf(pair));
  if (name === undefined || value === undefined) return [elementText(elementOf(pair))];
  const text = elementText(name);
  return [`${text}: ${SECRET_NAME.test(text) ? HIDDEN : elementText(value)}`];
}

const FORMATS: ReadonlyMap<string, (value: Der) => string[]> = new Map([
  [attributeOid.extensionRequest, extensionNames],
  [attributeOid.relatedCertRequest, describeRelatedRequest],
  [known.msExtensions, extensionNames],
  [known.msEnrollmentNameValuePair, nameAndValue],
  // MS-WCCE §2.2.2.7.2, §2.2.2.7.4
  [known.msEnrollmentCspProvider, describeTexts('key specification', 'provider', 'signature')],
  [known.msRequestClientInfo, describeTexts('client', 'machine', 'user', 'process')],
]);
