/** Extensions of certificates, requests and CRLs. Each type that is known has a file of its own. */

import { PkiError } from '../../base/errors.ts';
import { asBuffer } from '../../base/octets.ts';
import type { Der } from '../../formats/der/header.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { boolean, objectIdentifier, octetString, sequence } from '../../formats/der/writer.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { describeOid, extensionOid, oidName } from '../../formats/oids.ts';
import { formatSerialNumber } from '../serial-number.ts';

/**
 * Extension  ::=  SEQUENCE  {
 *      extnID      OBJECT IDENTIFIER,
 *      critical    BOOLEAN DEFAULT FALSE,
 *      extnValue   OCTET STRING }           -- RFC 5280 §4.1
 */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The value inside extnValue. */
  readonly value: Der;
  /** Why `value` is not DER; only where the reading is not strict. */
  readonly fault?: PkiError;
}

const ENCODED_TYPES = new Map<string, Der>(
  Object.values(extensionOid).map((oid) => [oid, objectIdentifier(oid)]),
);
const CRITICAL = boolean(true);

/** Returns one Extension, DER; `critical` is absent when false (X.690 §11.5). */
export function encodeExtension({ oid, critical, value }: Extension): Der {
  const type = ENCODED_TYPES.get(oid) ?? objectIdentifier(oid);
  return critical ? sequence(type, CRITICAL, octetString(value)) : sequence(type, octetString(value));
}

/** Throws PkiError invalid-extension for a value that is not DER. */
export function extensionValue(extensions: readonly Extension[], oid: string): Der | undefined {
  const found = extensions.find((extension) => extension.oid === oid);
  if (found?.fault !== undefined) throw found.fault;
  return found?.value;
}

/**
 * Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, each type once (RFC 5280 §4.1, §4.2). Every value is exactly one DER
 * value; the reader of the type checks its structure. Inspection reads duplicates.
 */
export function readExtensions(list: StructureReader, reading: Reading = STRICT): Extension[] {
  if (!list.hasMore)
    list.tolerate('empty-extensions', 'Extension', 'is missing: an empty list must be absent');
  const extensions: Extension[] = [];
  const types = new Set<string>();
  while (list.hasMore) {
    const extension = readExtension(list.structure('Extension'), reading);
    if (types.has(extension.oid))
      reading.tolerate(
        'duplicate-extension',
        list.error(`The extension ${describeOid(extension.oid)} must not occur twice`),
      );
    types.add(extension.oid);
    extensions.push(extension);
  }
  return extensions;
}

function readExtension(reader: StructureReader, reading: Reading): Extension {
  const oid = reader.oid('extnID');
  const critical = reader.defaultFalse('critical');
  const octets = reader.octetString('extnValue');
  reader.end();
  return { oid, critical, ...readValue(oid, octets, reading) };
}

function readValue(oid: string, octets: Uint8Array, reading: Reading): Pick<Extension, 'value' | 'fault'> {
  try {
    const subject = `The value of the extension ${describeOid(oid)}`;
    return { value: readDer(octets, { subject, reading }).der };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const fault = new PkiError('invalid-extension', error.message, [], `extensions.${shownOidName(oid)}`);
    reading.tolerate('extension-value', fault);
    return { value: octets as Der, fault };
  }
}

export const invalidExtension = (sentence: string): PkiError => new PkiError('invalid-extension', sentence);

/** Opens the value of an extension that is a SEQUENCE. Throws PkiError invalid-extension. */
export const openExtension = (name: string, value: Der, reading?: Reading): StructureReader =>
  openSequence(value, { name, code: 'invalid-extension', reading });

/** Longer numbers are formatted in hexadecimal. */
const MAX_NUMBER_LENGTH = 6;

/** Formats the contents of an INTEGER. */
export const formatNumber = (contents: Uint8Array): string =>
  contents.length > MAX_NUMBER_LENGTH
    ? `0x${formatSerialNumber(contents)}`
    : String(asBuffer(contents).readIntBE(0, contents.length));

/** Extensions that path validation processes. The policy extensions need no processing: no path is built for a policy. */
const PROCESSED: ReadonlySet<string> = new Set([
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extendedKeyUsage,
  extensionOid.nameConstraints,
  extensionOid.subjectAltName,
  extensionOid.certificatePolicies,
  extensionOid.policyMappings,
  extensionOid.policyConstraints,
  extensionOid.inhibitAnyPolicy,
]);

/**
 * Returns the name of an unknown critical extension: the certificate must be rejected (RFC 5280 §4.2). `more` are dotted
 * OIDs of extensions that the caller processes.
 */
export function unknownCriticalExtension(
  { extensions }: { readonly extensions: readonly Extension[] },
  more: readonly string[] = [],
): string | undefined {
  const unknown = extensions.find(
    ({ critical, oid }) => critical && !PROCESSED.has(oid) && !more.includes(oid),
  );
  return unknown && oidName(unknown.oid);
}
