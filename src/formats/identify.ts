/** Identifies the structures that PEM transports by the tags of their members. */

import { isConstructed } from './der/header.ts';
import { membersOf, parseDer, type DerElement } from './der/reader.ts';
import { unexpectedLabel, type PemLabel } from './pem-label.ts';

/** Tags of the members, and of the members of the first member, in hexadecimal. The first shape that matches counts. */
const SHAPES: readonly (readonly [label: string, members: RegExp, membersOfFirst?: RegExp])[] = [
  // TBSCertificate: version [0] (absent in v1), serial number, algorithm, names, validity and key
  ['CERTIFICATE', /^30 30 03$/, /^(?:a0 )?02 30 30 30 30 30/],
  ['CERTIFICATE REQUEST', /^30 30 03$/, /^02 30 30 a0$/],
  ['X509 CRL', /^30 30 03$/, /^(?:02 )?30 30 1[78]/],
  ['PUBLIC KEY', /^30 03$/],
  ['ENCRYPTED PRIVATE KEY', /^30 04$/],
  ['PRIVATE KEY', /^02 30 04/],
  ['RSA PRIVATE KEY', /^02(?: 02){8}$/],
  ['EC PRIVATE KEY', /^02 04/],
  ['DSA PRIVATE KEY', /^02(?: 02){5}$/],
  ['RSA PUBLIC KEY', /^02 02$/],
  ['PKCS7', /^06 a0$/],
  ['PKCS #12 file', /^02 30 30$/],
];

/**
 * Throws PkiError invalid-encoding that names both kinds when `der` is known to be another kind than `expected`, and
 * PkiError invalid-der.
 */
export function expectKind(der: Uint8Array, expected: PemLabel): void {
  const actual = structureLabel(parseDer(der, { subject: `The ${expected}` }));
  if (actual !== undefined && actual !== expected) throw unexpectedLabel(actual, expected);
}

/** Returns a PEM label, or a name where PEM has no label; undefined for an unknown structure. */
function structureLabel(element: DerElement): string | undefined {
  const members = childrenOf(element);
  const [first] = members;
  const shape = tagsOf(members);
  const shapeOfFirst = first === undefined ? '' : tagsOf(childrenOf(first));
  return SHAPES.find(([, all, inFirst]) => all.test(shape) && (inFirst?.test(shapeOfFirst) ?? true))?.[0];
}

/** Members that are compared: enough to distinguish all shapes. */
const MEMBERS = 10;

const childrenOf = (element: DerElement): DerElement[] =>
  isConstructed(element.tag) ? membersOf(element).slice(0, MEMBERS) : [];

const tagsOf = (elements: readonly DerElement[]): string =>
  elements.map(({ tag }) => tag.toString(16).padStart(2, '0')).join(' ');
