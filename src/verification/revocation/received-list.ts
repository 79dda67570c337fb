/** A CRL as evidence: what limits it, and its entries (RFC 5280 §5). */

import { ifReadable } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownExtensionOid, shownOidName } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import type { ReceivedCrl } from '../../x509/description/crl/received-crl.ts';
import {
  readIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from '../../x509/extensions/crl-extensions.ts';
import { extensionValue } from '../../x509/extensions/extension.ts';
import { nameText } from '../member.ts';
import { hasDuplicate, readEntries, type ListEntries } from './list-entries.ts';
import { namesOf } from './point-names.ts';

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
  /** Names of the distribution point as texts. */
  readonly names: ReadonlySet<string>;
  /** The extensions that a delta CRL has in common with its base, in hexadecimal (§5.2.4). */
  readonly scope: string;
  /** Why it must not be used in any profile, and why not in those of RFC 5280. */
  readonly fault: string | undefined;
  readonly profileFault: string | undefined;
  /** Reads all entries once. */
  entries(): Promise<ListEntries>;
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
    names: point?.name === undefined ? new Set() : namesOf(point.name, crl.issuer),
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
  const { version, extensions } = crl;
  if (version > V2) return `has the unknown version ${version} (§5.1.2.1)`;
  if (version < V2 && extensions.length > 0) return 'has extensions, but is no v2 CRL (§5.1.2.1)';
  if (hasDuplicate(extensions)) return 'has an extension twice (§4.2, §5.2)';
  const unknown = extensions.find(
    ({ oid, critical }) => critical && !PROCESSED.has(oid) && oid !== knownExtensionOid.cRLNumber,
  );
  if (unknown !== undefined) return `has the critical extension ${shownOidName(unknown.oid)} (§5.2)`;
  const unreadable = [...PROCESSED].find(
    (oid) => extensions.some((extension) => extension.oid === oid) && !isReadable(crl, oid),
  );
  return unreadable && `has the extension ${shownOidName(unreadable)}, which cannot be read`;
}

const V2 = 2;

const isReadable = (crl: ReceivedCrl, oid: string): boolean =>
  oid === extensionOid.deltaCRLIndicator
    ? readable(crl, oid, integerOf) !== undefined
    : readable(crl, oid, readIssuingDistributionPoint) !== undefined;

function profileFaultOf({ extensions, nextUpdate }: ReceivedCrl): string | undefined {
  const number = extensions.find(({ oid }) => oid === knownExtensionOid.cRLNumber);
  if (number === undefined) return 'has no cRLNumber (RFC 5280 §5.2.3)';
  if (number.critical) return 'has a critical cRLNumber (RFC 5280 §5.2.3)';
  return nextUpdate === undefined ? 'has no nextUpdate (RFC 5280 §5.1.2.5)' : undefined;
}
