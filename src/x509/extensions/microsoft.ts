/** Extensions of Active Directory Certificate Services (MS-WCCE §2.2.2.7). */

import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { decodeGeneralNames } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { escapeOctets } from '../names/printable-text.ts';
import { formatNumber, invalidExtension, openExtension } from './extension.ts';

/** CertificateTemplate ::= SEQUENCE { templateID OBJECT IDENTIFIER, major, minor INTEGER OPTIONAL } */
export function describeCertificateTemplate(value: Der): string[] {
  const reader = openExtension('CertificateTemplate', value);
  const lines = [`Template: ${reader.oid('templateID')}`];
  if (reader.hasMore) lines.push(`Major version: ${formatNumber(reader.integer('templateMajorVersion'))}`);
  if (reader.hasMore) lines.push(`Minor version: ${formatNumber(reader.integer('templateMinorVersion'))}`);
  reader.end();
  return lines;
}

const VERSION_LENGTH = 5;

/** INTEGER: index of the certificate in the low 16 bits, index of the key above them. */
export function describeCaVersion(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  const isVersion = tag === TAG.integer && contents.length > 0 && contents.length <= VERSION_LENGTH;
  if (!isVersion) throw invalidExtension('The CA version must be an INTEGER of 32 bits');
  const version = contents.reduce((number, octet) => number * 256 + octet, 0);
  return [`V${version % 0x10000}.${Math.floor(version / 0x10000)}`];
}

/** GeneralNames of otherNames; the value of objectSid is an OCTET STRING of text (MS-WCCE §2.2.2.7.7.4). */
export const describeSecurityIdentifier = (value: Der): string[] =>
  decodeGeneralNames(value).map((name) => {
    const sid = name.kind === 'otherName' ? elementOf(name.value) : undefined;
    return sid?.tag === TAG.octetString
      ? `objectSid ${escapeOctets(Buffer.from(sid.contents).toString('latin1'))}`
      : formatGeneralName(name);
  });
