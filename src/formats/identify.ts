/** Identifies the structures that PEM transports by the tags of their members. */

import type { Der } from './der/header.ts';
import { elementOf, membersOf, type DerElement } from './der/reader.ts';
import { readDer, type ReceivedValue } from './der/lenient.ts';
import { STRICT, type Reading } from './reading.ts';
import { checkLabel, type PemLabel } from './pem-label.ts';
import { toPkcs8 } from './traditional-private-key.ts';

export const PKCS12 = 'PKCS #12 file';

/** Of a PKCS #12 file without a MAC: the members of authSafe (RFC 7292 §4). */
const CONTENT_INFO = '06 a0';

/** Tags of the members, and of the members of the first member, in hexadecimal. The first shape that matches counts. */
const SHAPES: readonly (readonly [label: string, members: RegExp, membersOfFirst?: RegExp])[] = [
  // TBSCertificate: version [0] (absent in v1), serial number, algorithm, names, validity and key
  ['CERTIFICATE', /^30 30 03$/, /^(?:a0 )?02 30 30 30 30 30/],
  ['CERTIFICATE REQUEST', /^30 30 03$/, /^02 30 30(?: a0)?$/],
  ['X509 CRL', /^30 30 03$/, /^(?:02 )?30 30 1[78]/],
  ['PUBLIC KEY', /^30 03$/],
  ['ENCRYPTED PRIVATE KEY', /^30 04$/],
  ['PRIVATE KEY', /^02 30 04/],
  ['RSA PRIVATE KEY', /^02(?: 02){8}$/],
  ['EC PRIVATE KEY', /^02 04/],
  ['DSA PRIVATE KEY', /^02(?: 02){5}$/],
  ['RSA PUBLIC KEY', /^02 02$/],
  ['PKCS7', /^06 a0$/],
  [PKCS12, /^02 30 30$/],
];

/** Limits for the number of values, where the default is too low. A CRL: 250,000 entries that have a reason. */
const MAX_VALUES: Partial<Record<PemLabel, number>> = Object.freeze({ 'X509 CRL': 2_000_000 });

/**
 * Returns `octets` themselves, checked. Throws PkiError invalid-der, and PkiError invalid-encoding that names both kinds
 * when `octets` are known to be another kind than `expected`.
 */
export const expectKind = (octets: Uint8Array, expected: PemLabel): Der =>
  expectReceivedKind(octets, [expected], STRICT).der;

/**
 * {@link expectKind} for octets that may deviate, where several kinds may be expected: also returns the kind. An unknown
 * structure counts as the first. A private key in PKCS #1 or SEC 1 becomes PKCS #8.
 */
export function expectReceivedKind(
  octets: Uint8Array,
  expected: readonly [PemLabel, ...PemLabel[]],
  reading: Reading,
): ReceivedValue & { readonly kind: PemLabel } {
  const [first] = expected;
  const subject = `The ${first}`;
  const keepsUnreadable = reading.isInspecting;
  const value = readDer(octets, { subject, maxValues: MAX_VALUES[first], reading, keepsUnreadable });
  let known: ReceivedValue | undefined;
  try {
    const found = expectKindOf(value, expected, reading);
    known = found;
    return found;
  } finally {
    if (known?.der !== value.der && value.der !== octets) value.der.fill(0);
  }
}

/** {@link expectReceivedKind} for a value that was read. */
export function expectKindOf(
  value: ReceivedValue,
  expected: readonly [PemLabel, ...PemLabel[]],
  reading: Reading,
): ReceivedValue & { readonly kind: PemLabel } {
  const [first] = expected;
  const actual = structureLabel(elementOf(value.der)) ?? first;
  const kind = expected.find((label) => label === actual);
  if (kind !== undefined) return { ...value, kind };
  checkLabel(actual, first, reading);
  return { received: value.received, der: toPkcs8(actual, value.der), kind: first };
}

/** Returns a PEM label, or a name where PEM has no label; undefined for an unknown structure. */
export function structureLabel(element: DerElement): string | undefined {
  const members = childrenOf(element);
  const [first] = members;
  const shape = tagsOf(members);
  const shapeOfFirst = first === undefined ? '' : tagsOf(childrenOf(first));
  if (shape === '02 30' && tagsOf(members.slice(1).flatMap(childrenOf)) === CONTENT_INFO) return PKCS12;
  return SHAPES.find(([, all, inFirst]) => all.test(shape) && (inFirst?.test(shapeOfFirst) ?? true))?.[0];
}

/** Members that are compared: enough to distinguish all shapes. */
const MEMBERS = 10;

/** Returns the first members of a value, at most {@link MEMBERS}. */
export function childrenOf(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (const member of membersOf(element)) {
    if (children.push(member) === MEMBERS) break;
  }
  return children;
}

/** Tags in hexadecimal, with spaces between them. */
export const tagsOf = (elements: readonly DerElement[]): string =>
  elements.map(({ tag }) => tag.toString(16).padStart(2, '0')).join(' ');
