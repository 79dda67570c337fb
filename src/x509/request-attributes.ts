/** The attributes of a certification request (RFC 2986 §4.1), and the extensions that they ask for. */

import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { decodeOid, elementOf, membersOf, type DerElement } from '../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { compareEncodings, TAG } from '../formats/der/writer.ts';
import { attributeOid, describeOid } from '../formats/oids.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { readExtensions, type Extension } from './extensions/extension.ts';

export interface RequestAttributes {
  /** Types of the attributes, dotted, each once. */
  readonly attributes: readonly string[];
  /** All attributes in the order of the request, Attribute, DER. */
  readonly attributeEncodings: readonly Der[];
  /** The requested extensions. */
  readonly extensions: readonly Extension[];
}

/** Returns the values of the attributes of one type. `attributes` are each an Attribute, DER. */
export const attributeValues = (attributes: readonly Der[], type: string): readonly DerElement[] =>
  attributes.flatMap((attribute) => {
    const [oid, values] = membersOf(elementOf(attribute));
    return oid !== undefined && decodeOid(oid.contents) === type && values ? [...membersOf(values)] : [];
  });

/** SET OF Attribute under an IMPLICIT tag, so the DER check does not know that the elements must ascend. */
export function readAttributes(list: StructureReader, reading: Reading = STRICT): RequestAttributes {
  const attributes = new Map<string, Attribute>();
  const attributeEncodings: Der[] = [];
  while (list.hasMore) {
    const attribute = readAttribute(list.element('Attribute', TAG.sequence).encoding, reading);
    const { type, encoding } = attribute;
    const previous = attributeEncodings.at(-1);
    if (previous !== undefined && compareEncodings(previous, encoding) > 0)
      reading.tolerate('set-order', list.error(UNSORTED));
    const first = attributes.get(type);
    if (first !== undefined) noteDuplicate(list, type, reading);
    attributes.set(type, first === undefined ? attribute : joined(first, attribute));
    attributeEncodings.push(encoding);
  }
  const extensions = requestedExtensions(attributes, reading);
  return { attributes: [...attributes.keys()], attributeEncodings, extensions };
}

const UNSORTED = 'The attributes must be in the ascending order of a SET OF (X.690 §11.6)';

const joined = (first: Attribute, second: Attribute): Attribute => ({
  ...first,
  extensions: [...first.extensions, ...second.extensions],
});

/** Two lists of extensions are ambiguous; another attribute is only listed. */
function noteDuplicate(list: StructureReader, type: string, reading: Reading): void {
  const fault = list.error(`The attribute ${describeOid(type)} must not occur twice`);
  reading.tolerate(EXTENSION_LISTS.includes(type) ? 'duplicate-extension' : 'duplicate-attribute', fault);
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
  if (!values.hasMore) reader.tolerate('empty-attribute', 'values', 'must not be empty');
  const isList = EXTENSION_LISTS.includes(type) && values.hasMore;
  return { type, encoding, extensions: isList ? readList(values, reading) : [] };
}

function readList(values: StructureReader, reading: Reading): readonly Extension[] {
  try {
    const extensions = readExtensions(values.structure('Extensions'), reading);
    // RFC 2985 §5.4.2: extensionRequest is single-valued
    values.end();
    return extensions;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    reading.tolerate('unreadable-extensions', error);
    return [];
  }
}

function requestedExtensions(
  attributes: ReadonlyMap<string, Attribute>,
  reading: Reading,
): readonly Extension[] {
  const own = attributes.get(attributeOid.extensionRequest)?.extensions;
  const microsoft = attributes.get(MICROSOFT_EXTENSIONS)?.extensions;
  if (microsoft === undefined) return own ?? [];
  reading.tolerate('microsoft-extensions', new PkiError('invalid-csr', MICROSOFT, [], ATTRIBUTES));
  return own === undefined ? microsoft : union(own, microsoft, reading);
}

/** Where the lists are. */
const ATTRIBUTES = 'CertificationRequestInfo.attributes';

const MICROSOFT = `The request has extensions in the attribute ${MICROSOFT_EXTENSIONS} of Microsoft`;

function union(
  own: readonly Extension[],
  microsoft: readonly Extension[],
  reading: Reading,
): readonly Extension[] {
  const byType = new Map(own.map((extension) => [extension.oid, extension]));
  const added = microsoft.filter((extension) => !isEqual(byType.get(extension.oid), extension));
  const different = added.find(({ oid }) => byType.has(oid));
  if (different !== undefined)
    reading.tolerate(
      'duplicate-extension',
      new PkiError('invalid-csr', twoValues(different), [], ATTRIBUTES),
    );
  return [...own, ...added];
}

const twoValues = ({ oid }: Extension): string =>
  `The request asks for two different values of ${describeOid(oid)}, in extensionRequest and in the attribute of Microsoft`;

const isEqual = (a: Extension | undefined, b: Extension): boolean =>
  a !== undefined && a.critical === b.critical && Buffer.compare(a.value, b.value) === 0;
