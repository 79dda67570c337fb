/** A CRL as evidence: what limits it, and its entries (RFC 5280 §5). */

import { ifReadable } from '../../base/errors.ts';
import { nextTurn } from '../../base/next-turn.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementAt, elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownExtensionOid, shownOidName } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { entriesOf, readEntry, type ReceivedCrl } from '../../x509/description/crl/received-crl.ts';
import {
  describeReasonCode,
  readIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from '../../x509/extensions/crl-extensions.ts';
import { extensionValue, type Extension } from '../../x509/extensions/extension.ts';
import { decodeGeneralNames } from '../../x509/names/general-name-encoding.ts';
import { encodeDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { nameText } from '../member.ts';

export interface ReceivedList {
  readonly crl: ReceivedCrl;
  /** Among the CRLs of the request, from 0. */
  readonly index: number;
  /** As in `Member.subject`. */
  readonly issuer: string;
  readonly number: bigint | undefined;
  /** BaseCRLNumber: the CRL is a delta CRL (§5.2.4). */
  readonly base: bigint | undefined;
  readonly point: IssuingDistributionPoint | undefined;
  /** The extensions that a delta CRL has in common with its base, in hexadecimal (§5.2.4). */
  readonly scope: string;
  /** Why it must not be used in any profile, and why not in those of RFC 5280. */
  readonly fault: string | undefined;
  readonly profileFault: string | undefined;
  /** Reads all entries once. */
  entries(): Promise<ListEntries>;
}

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

export function receivedList(crl: ReceivedCrl, index: number): ReceivedList {
  const issuer = nameText(crl.issuer);
  const point = readable(crl, extensionOid.issuingDistributionPoint, readIssuingDistributionPoint);
  let entries: Promise<ListEntries> | undefined;
  return {
    crl,
    index,
    issuer,
    number: readable(crl, knownExtensionOid.cRLNumber, integerOf),
    base: readable(crl, extensionOid.deltaCRLIndicator, integerOf),
    point,
    scope: [extensionOid.issuingDistributionPoint, extensionOid.authorityKeyIdentifier]
      .map((oid) => valueText(crl, oid))
      .join(' '),
    fault: faultOf(crl),
    profileFault: profileFaultOf(crl),
    entries: () => (entries ??= readEntries(crl, issuer, point?.isIndirect === true)),
  };
}

const readable = <T>({ extensions }: ReceivedCrl, oid: string, read: (value: Der) => T): T | undefined =>
  ifReadable(() => {
    const value = extensionValue(extensions, oid);
    return value && read(value);
  });

const valueText = ({ extensions }: ReceivedCrl, oid: string): string =>
  Buffer.from(extensions.find((extension) => extension.oid === oid)?.value ?? []).toString('hex');

function integerOf(value: Der): bigint | undefined {
  const { tag, contents } = elementOf(value);
  return tag === TAG.integer && contents.length > 0 && contents.length <= MAX_NUMBER
    ? BigInt(`0x${Buffer.from(contents).toString('hex')}`)
    : undefined;
}

/** RFC 5280 §5.2.3: 20 octets, and the octet of the sign. */
const MAX_NUMBER = 21;

/** §5.2: those that are processed here. */
const PROCESSED: ReadonlySet<string> = new Set([
  extensionOid.issuingDistributionPoint,
  extensionOid.deltaCRLIndicator,
]);

function faultOf(crl: ReceivedCrl): string | undefined {
  const { extensions } = crl;
  const unknown = extensions.find(
    ({ oid, critical }) => critical && !PROCESSED.has(oid) && oid !== knownExtensionOid.cRLNumber,
  );
  if (unknown !== undefined) return `has the critical extension ${shownOidName(unknown.oid)} (§5.2)`;
  const unreadable = [...PROCESSED].find(
    (oid) => extensions.some((extension) => extension.oid === oid) && !isReadable(crl, oid),
  );
  return unreadable && `has the extension ${shownOidName(unreadable)}, which cannot be read`;
}

const isReadable = (crl: ReceivedCrl, oid: string): boolean =>
  oid === extensionOid.deltaCRLIndicator
    ? readable(crl, oid, integerOf) !== undefined
    : readable(crl, oid, readIssuingDistributionPoint) !== undefined;

function profileFaultOf({ extensions }: ReceivedCrl): string | undefined {
  const number = extensions.find(({ oid }) => oid === knownExtensionOid.cRLNumber);
  if (number === undefined) return 'has no cRLNumber (RFC 5280 §5.2.3)';
  return number.critical ? 'has a critical cRLNumber (RFC 5280 §5.2.3)' : undefined;
}

/** Entries that are read in one turn of the event loop. */
const SLICE = 500;

async function readEntries(crl: ReceivedCrl, issuer: string, isIndirect: boolean): Promise<ListEntries> {
  const byIssuer = new Map<string, Map<string, Der>>();
  let current = issuer;
  let fault: string | undefined;
  let count = 0;
  for (const entry of entriesOf(crl)) {
    const { serialNumber, extensions } = partsOf(entry);
    fault ??= entryFault(extensions, isIndirect);
    // §5.3.3: the issuer is that of the entry before, unless it is given
    current = certificateIssuer(extensions) ?? current;
    const ofIssuer = byIssuer.get(current) ?? new Map<string, Der>();
    byIssuer.set(current, ofIssuer.set(hex(serialNumber), entry));
    count += 1;
    if (count % SLICE === 0) await nextTurn();
  }
  return {
    fault,
    find(name, serialNumber) {
      const entry = byIssuer.get(name)?.get(hex(serialNumber));
      return entry && revokedEntry(entry);
    },
  };
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

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

function entryFault(extensions: readonly Extension[], isIndirect: boolean): string | undefined {
  const unknown = extensions.find(({ oid, critical }) => critical && !ENTRY_EXTENSIONS.has(oid));
  if (unknown !== undefined)
    return `has an entry with the critical extension ${shownOidName(unknown.oid)} (§5.3)`;
  const isForeign = extensions.some(({ oid }) => oid === knownExtensionOid.certificateIssuer);
  return isForeign && !isIndirect
    ? 'has a certificateIssuer, but is not an indirect CRL (§5.3.3)'
    : undefined;
}

function certificateIssuer(extensions: readonly Extension[]): string | undefined {
  const names = ifReadable(() => {
    const value = extensionValue(extensions, knownExtensionOid.certificateIssuer);
    return value && decodeGeneralNames(value);
  });
  const name = names?.find(({ kind }) => kind === 'dirName');
  return name?.kind === 'dirName' ? nameText(encodeDistinguishedName(name.name)) : undefined;
}

function revokedEntry(entry: Der): RevokedEntry {
  const { revokedAt, extensions } = readEntry(entry, UNNOTED);
  const reason = ifReadable(() => {
    const value = extensionValue(extensions, knownExtensionOid.cRLReasons);
    return value && describeReasonCode(value)[0];
  });
  return { revokedAt, reason };
}
