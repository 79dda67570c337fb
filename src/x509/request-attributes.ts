/** The attributes of a certification request (RFC 2986 §4.1), and the extensions that they ask for. */

import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { compareEncodings, TAG } from '../formats/der/writer.ts';
import { attributeOid, describeOid } from '../formats/oids.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { readExtensions, type Extension } from './extensions/extension.ts';

export interface RequestAttributes {
  /** Types of the attributes, dotted. Only the requested extensions are kept. */
  readonly attributes: readonly string[];
  /** The requested extensions. */
  readonly extensions: readonly Extension[];
}

/** SET OF Attribute under an IMPLICIT tag, so the DER check does not know that the elements must ascend. */
export function readAttributes(list: StructureReader, reading: Reading = STRICT): RequestAttributes {
  const attributes = new Map<string, Attribute>();
  let previous: Der | undefined;
  while (list.hasMore) {
    const attribute = readAttribute(list.element('Attribute', TAG.sequence).encoding, reading);
    const { type, encoding } = attribute;
    if (previous !== undefined && compareEncodings(previous, encoding) > 0)
      reading.tolerate('set-order', list.error(UNSORTED));
    if (attributes.has(type)) rejectDuplicate(list, type, reading);
    attributes.set(type, attribute);
    previous = encoding;
  }
  return { attributes: [...attributes.keys()], extensions: requestedExtensions(attributes, reading) };
}

const UNSORTED = 'The attributes must be in the ascending order of a SET OF (X.690 §11.6)';

/** Two lists of extensions are ambiguous; another attribute is only listed. */
function rejectDuplicate(list: StructureReader, type: string, reading: Reading): void {
  const fault = list.error(`The attribute ${describeOid(type)} must not occur twice`);
  if (EXTENSION_LISTS.includes(type)) throw fault;
  reading.tolerate('duplicate-attribute', fault);
}

interface Attribute {
  readonly type: string;
  readonly encoding: Der;
  /** Empty unless the attribute is a list of extensions. */
  readonly extensions: readonly Extension[];
}

/** Windows writes it, with the same syntax as extensionRequest ([MS-WCCE] §2.2.2.7.7). */
const MICROSOFT_EXTENSIONS = '1.3.6.1.4.1.311.2.1.14';

const EXTENSION_LISTS: readonly string[] = [attributeOid.extensionRequest, MICROSOFT_EXTENSIONS];

/** Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) OF ANY } */
function readAttribute(encoding: Der, reading: Reading): Attribute {
  const reader = openSequence(encoding, { name: 'Attribute', code: 'invalid-csr', reading });
  const type = reader.oid('type');
  const values = reader.structure('values', TAG.set);
  reader.end();
  if (!values.hasMore) throw reader.fault('values', 'must not be empty');
  if (!EXTENSION_LISTS.includes(type)) return { type, encoding, extensions: [] };
  const extensions = readExtensions(values.structure('Extensions'), reading);
  // RFC 2985 §5.4.2: extensionRequest is single-valued
  values.end();
  return { type, encoding, extensions };
}

function requestedExtensions(
  attributes: ReadonlyMap<string, Attribute>,
  reading: Reading,
): readonly Extension[] {
  const own = attributes.get(attributeOid.extensionRequest)?.extensions;
  const microsoft = attributes.get(MICROSOFT_EXTENSIONS)?.extensions;
  if (microsoft === undefined) return own ?? [];
  reading.tolerate('microsoft-extensions', new PkiError('invalid-csr', MICROSOFT));
  return own === undefined ? microsoft : union(own, microsoft);
}

const MICROSOFT = `The request has extensions in the attribute ${MICROSOFT_EXTENSIONS} of Microsoft`;

function union(own: readonly Extension[], microsoft: readonly Extension[]): readonly Extension[] {
  const byType = new Map(own.map((extension) => [extension.oid, extension]));
  for (const extension of microsoft) {
    const same = byType.get(extension.oid);
    if (same !== undefined && !isEqual(same, extension))
      throw new PkiError(
        'invalid-csr',
        `The request asks for two different values of ${describeOid(extension.oid)}, in extensionRequest and in the attribute of Microsoft`,
      );
    byType.set(extension.oid, extension);
  }
  return [...byType.values()];
}

const isEqual = (a: Extension, b: Extension): boolean =>
  a.critical === b.critical && Buffer.compare(a.value, b.value) === 0;
