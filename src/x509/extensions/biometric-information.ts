import { hexadecimal } from '../../base/hexadecimal.ts';
import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { elementText } from './element-text.ts';
import { openExtension } from './extension.ts';

/** PredefinedBiometricType. */
const TYPES: readonly string[] = ['picture', 'handwritten signature'];

/**
 * BiometricSyntax ::= SEQUENCE OF BiometricData
 * BiometricData ::= SEQUENCE {
 *      typeOfBiometricData  CHOICE { predefinedBiometricType INTEGER, biometricDataOid OBJECT IDENTIFIER },
 *      hashAlgorithm        AlgorithmIdentifier,
 *      biometricDataHash    OCTET STRING,
 *      sourceDataUri        IA5String OPTIONAL }                        -- RFC 3739 §3.2.5
 */
export function describeBiometricInformation(value: Der): string[] {
  const list = openExtension('BiometricSyntax', value);
  const lines: string[] = [];
  do lines.push(describeData(list.structure('BiometricData')));
  while (list.hasMore);
  return lines;
}

function describeData(data: StructureReader): string {
  const type = typeText(data.element('typeOfBiometricData'));
  const { name } = describeAlgorithm(data.element('hashAlgorithm', TAG.sequence).encoding);
  const hash = hexadecimal(data.octetString('biometricDataHash'));
  const uri = data.optionalElement('sourceDataUri', TAG.ia5String);
  data.end();
  return `${type}, ${name} ${hash}${uri ? `, ${elementText(uri)}` : ''}`;
}

function typeText(type: DerElement): string {
  const text = elementText(type);
  return type.tag === TAG.integer ? (TYPES[Number(text)] ?? text) : text;
}
