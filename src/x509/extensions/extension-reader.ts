import { PkiError } from '../../base/errors.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { describeOid } from '../../formats/oids.ts';
import { assertDer } from '../../formats/der/strict.ts';
import type { Extension } from './extension.ts';

/**
 * Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, each type once (RFC 5280 §4.1, §4.2). Every value is one DER
 * value to its end; whether it has the structure of its type is for who uses it.
 */
export function readExtensions(list: StructureReader): Extension[] {
  if (!list.hasMore) throw list.fault('Extension', 'is missing: an empty list must be left out');
  const extensions: Extension[] = [];
  while (list.hasMore) {
    const extension = readExtension(list.structure('Extension'));
    if (extensions.some(({ oid }) => oid === extension.oid)) {
      throw list.fault('Extension', `${describeOid(extension.oid)} stands there twice`);
    }
    extensions.push(extension);
  }
  return extensions;
}

function readExtension(reader: StructureReader): Extension {
  const oid = reader.oid('extnID');
  const critical = reader.flag('critical');
  const value = reader.octetString('extnValue');
  reader.end();
  try {
    assertDer(value);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new PkiError('invalid-extension', `the value of ${describeOid(oid)} is ${error.message}`);
  }
  return { oid, critical, value };
}
