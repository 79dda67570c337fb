/**
 * AdmissionSyntax ::= SEQUENCE {
 *      admissionAuthority    GeneralName OPTIONAL,
 *      contentsOfAdmissions  SEQUENCE OF Admissions }
 * Admissions ::= SEQUENCE {
 *      admissionAuthority    [0] EXPLICIT GeneralName OPTIONAL,
 *      namingAuthority       [1] EXPLICIT NamingAuthority OPTIONAL,
 *      professionInfos       SEQUENCE OF ProfessionInfo }
 * ProfessionInfo ::= SEQUENCE {
 *      namingAuthority       [0] EXPLICIT NamingAuthority OPTIONAL,
 *      professionItems       SEQUENCE OF DirectoryString,
 *      professionOIDs        SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
 *      registrationNumber    PrintableString OPTIONAL,
 *      addProfessionInfo     OCTET STRING OPTIONAL }            -- Common PKI 2.0, part 1, table 29a
 * NamingAuthority ::= SEQUENCE { id OBJECT IDENTIFIER, url IA5String, text DirectoryString OPTIONAL }
 */

import type { Der } from '../../formats/der/header.ts';
import { membersOf, type DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { decodeGeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { elementText } from './element-text.ts';
import { openExtension } from './extension.ts';

const textOf = (name: DerElement): string => formatGeneralName(decodeGeneralName(name));

export function describeAdmission(value: Der): string[] {
  const reader = openExtension('AdmissionSyntax', value);
  const authority = reader.isNext(TAG.sequence) ? undefined : reader.element('admissionAuthority');
  const contents = reader.structure('contentsOfAdmissions');
  reader.end();
  const lines = authority === undefined ? [] : [`Admission Authority: ${textOf(authority)}`];
  while (contents.hasMore) lines.push(...describeAdmissions(contents.structure('Admissions')));
  return lines;
}

function describeAdmissions(reader: StructureReader): string[] {
  const authority = reader.optionalStructure('admissionAuthority', 0xa0)?.element('GeneralName');
  const lines = authority === undefined ? [] : [`Admission Authority: ${textOf(authority)}`];
  lines.push(...namingAuthority(reader, 0xa1));
  const professions = reader.structure('professionInfos');
  reader.end();
  while (professions.hasMore) lines.push(...describeProfession(professions.structure('ProfessionInfo')));
  return lines;
}

function namingAuthority(reader: StructureReader, tag: number): string[] {
  const authority = reader
    .optionalStructure('namingAuthority', tag)
    ?.element('NamingAuthority', TAG.sequence);
  return authority === undefined ? [] : [`Naming Authority: ${textsOf(authority)}`];
}

const textsOf = (list: DerElement): string => Array.from(membersOf(list), elementText).join(', ');

function describeProfession(reader: StructureReader): string[] {
  const authority = namingAuthority(reader, 0xa0);
  const items = reader.element('professionItems', TAG.sequence);
  const identifiers = reader.optionalElement('professionOIDs', TAG.sequence);
  const number = reader.optionalElement('registrationNumber', TAG.printableString);
  const additional = reader.optionalElement('addProfessionInfo', TAG.octetString);
  reader.end();
  return [
    ...authority,
    `Profession: ${textsOf(items)}`,
    ...(identifiers ? [`Profession OID: ${textsOf(identifiers)}`] : []),
    ...(number ? [`Registration Number: ${elementText(number)}`] : []),
    ...(additional ? [`Additional Information: ${elementText(additional)}`] : []),
  ];
}
