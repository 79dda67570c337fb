import { PkiError } from '../../base/errors.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { describeOid } from '../../formats/oids.ts';
import type { Der } from '../../formats/der/header.ts';
import { checkDer } from '../../formats/der/strict.ts';
import type { Extension } from './extension.ts';

/**
 * Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, each type once (RFC 5280 §4.1, §4.2). Every value is exactly one DER
 * value; the reader of the type checks its structure.
 */
export function readExtensions(list: StructureReader): Extension[] {
  if (!list.hasMore) throw list.fault('Extension', 'is missing: an empty list must be absent');
  const extensions: Extension[] = [];
  while (list.hasMore) {
    const extension = readExtension(list.structure('Extension'));
    if (extensions.some(({ oid }) => oid === extension.oid)) {
      throw list.error(`The extension ${describeOid(extension.oid)} must not occur twice`);
    }
    extensions.push(extension);
  }
  return extensions;
}

function readExtension(reader: StructureReader): Extension {
  const oid = reader.oid('extnID');
  const critical = reader.defaultFalse('critical');
  const octets = reader.octetString('extnValue');
  reader.end();
  return { oid, critical, value: checkValue(oid, octets) };
}

function checkValue(oid: string, octets: Uint8Array): Der {
  try {
    return checkDer(octets, { subject: `The value of the extension ${describeOid(oid)}` });
  } catch (error) {
    throw error instanceof PkiError ? new PkiError('invalid-extension', error.message) : error;
  }
}
