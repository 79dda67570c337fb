/** The entries of a CRL (RFC 5280 §5.3). */

import { ifReadable, PkiError } from '../../base/errors.ts';
import { pause } from '../../base/next-turn.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementAt, elementOf } from '../../formats/der/reader.ts';
import { knownExtensionOid, shownOidName } from '../../formats/known-oids.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { entriesOf, readEntry, type ReceivedCrl } from '../../x509/description/crl/received-crl.ts';
import { describeReasonCode } from '../../x509/extensions/crl-extensions.ts';
import { extensionValue, type Extension } from '../../x509/extensions/extension.ts';
import { decodeGeneralNames } from '../../x509/names/general-name-encoding.ts';
import { encodeDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { nameText } from '../member.ts';

export interface RevokedEntry {
  readonly revokedAt: Date;
  /** Name of the CRLReason; undefined when absent. */
  readonly reason: string | undefined;
}

export interface ListEntries {
  /** Of the certificate of `issuer` with the contents of this INTEGER as its serial number. */
  find(issuer: string, serialNumber: Uint8Array): RevokedEntry | undefined;
  /** Why an entry cannot be processed. */
  readonly fault: string | undefined;
}

/** Entries that are read without a pause. */
const SLICE = 500;

/** `issuer` is the name of the issuer of the CRL, as in `Member.subject`. Never rejects because of the input. */
export async function readEntries(
  crl: ReceivedCrl,
  issuer: string,
  isIndirect: boolean,
): Promise<ListEntries> {
  try {
    return await readAll(crl, issuer, isIndirect);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { fault: 'has an entry that cannot be read (§5.1)', find: () => undefined };
  }
}

async function readAll(crl: ReceivedCrl, issuer: string, isIndirect: boolean): Promise<ListEntries> {
  const byIssuer = new Map<string, Map<string, Der>>();
  let current = issuer;
  let fault: string | undefined;
  let count = 0;
  for (const entry of entriesOf(crl)) {
    const { serialNumber, extensions } = partsOf(entry);
    fault ??= entryFault(crl, extensions, isIndirect);
    // §5.3.3: the issuer is that of the entry before, unless it is given
    current = certificateIssuer(extensions) ?? current;
    const ofIssuer = byIssuer.get(current) ?? new Map<string, Der>();
    byIssuer.set(current, ofIssuer);
    const key = numberText(serialNumber);
    // Of two entries for one certificate, that which revokes it
    if (!ofIssuer.has(key) || reasonOf(extensions) !== 'removeFromCRL') ofIssuer.set(key, entry);
    count += 1;
    if (count % SLICE === 0) await pause();
  }
  return {
    fault,
    find(name, serialNumber) {
      const entry = byIssuer.get(name)?.get(numberText(serialNumber));
      return entry && revokedEntry(entry);
    },
  };
}

/** Of an INTEGER: the same for longer forms, which a CRL that is not DER can have. */
function numberText(octets: Uint8Array): string {
  const isFiller = (octet: number, index: number): boolean => {
    const isNextNegative = (octets[index + 1] ?? 0) >= 0x80;
    return index < octets.length - 1 && octet === (isNextNegative ? 0xff : 0);
  };
  const start = octets.findIndex((octet, index) => !isFiller(octet, index));
  return Buffer.from(octets.subarray(Math.max(start, 0))).toString('hex');
}

/** The extensions are read only where there are any, because most entries have none. */
function partsOf(entry: Der): { serialNumber: Uint8Array; extensions: readonly Extension[] } {
  const { contents } = elementOf(entry);
  const serial = elementAt(contents, 0);
  const time = elementAt(contents, serial.encoding.length);
  const hasMore = serial.encoding.length + time.encoding.length < contents.length;
  return { serialNumber: serial.contents, extensions: hasMore ? readEntry(entry, UNNOTED).extensions : [] };
}

/** §5.3: those that have a meaning here, and those that only inform. */
const ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  knownExtensionOid.certificateIssuer,
  knownExtensionOid.cRLReasons,
  knownExtensionOid.invalidityDate,
]);

function entryFault(
  { version }: ReceivedCrl,
  extensions: readonly Extension[],
  isIndirect: boolean,
): string | undefined {
  if (extensions.length === 0) return undefined;
  if (version === 1) return 'has an entry with extensions, but is no v2 CRL (§5.1.2.1)';
  if (hasDuplicate(extensions)) return 'has an entry with an extension twice (§5.3)';
  const unknown = extensions.find(({ oid, critical }) => critical && !ENTRY_EXTENSIONS.has(oid));
  if (unknown !== undefined)
    return `has an entry with the critical extension ${shownOidName(unknown.oid)} (§5.3)`;
  const isForeign = extensions.some(({ oid }) => oid === knownExtensionOid.certificateIssuer);
  if (!isForeign) return undefined;
  if (!isIndirect) return 'has a certificateIssuer, but is not an indirect CRL (§5.3.3)';
  return certificateIssuer(extensions) === undefined
    ? 'has a certificateIssuer without a directoryName that can be read (§5.3.3)'
    : undefined;
}

export const hasDuplicate = (extensions: readonly Extension[]): boolean =>
  new Set(extensions.map(({ oid }) => oid)).size < extensions.length;

function certificateIssuer(extensions: readonly Extension[]): string | undefined {
  const names = ifReadable(() => {
    const value = extensionValue(extensions, knownExtensionOid.certificateIssuer);
    return value && decodeGeneralNames(value);
  });
  const name = names?.find(({ kind }) => kind === 'dirName');
  return name?.kind === 'dirName' ? nameText(encodeDistinguishedName(name.name)) : undefined;
}

/** The certificate is revoked even when it cannot be read since when. */
function revokedEntry(entry: Der): RevokedEntry {
  const { revokedAt, extensions } = ifReadable(() => readEntry(entry, UNNOTED)) ?? UNKNOWN;
  return { revokedAt, reason: reasonOf(extensions) };
}

const reasonOf = (extensions: readonly Extension[]): string | undefined =>
  ifReadable(() => {
    const value = extensionValue(extensions, knownExtensionOid.cRLReasons);
    return value && describeReasonCode(value)[0];
  });

const UNKNOWN = { revokedAt: new Date(NaN), extensions: [] };
