/** Which of the structures that travel in PEM some DER is, judged by the tags of its members. */

import { isConstructed } from './der/header.ts';
import { membersOf, parseDer, type DerElement } from './der/reader.ts';
import { unexpectedLabel, type PemLabel } from './pem-label.ts';

/** Tags of the members, and of the members of the first of them, in hexadecimal; the first shape that fits counts. */
const SHAPES: readonly (readonly [label: string, members: RegExp, membersOfFirst?: RegExp])[] = [
  // TBSCertificate starts with its version [0]; without one (v1) serial number, algorithm, names and key
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
 * Throws the error that names what came when `der` is known to be something else than `wanted`, and PkiError
 * invalid-der.
 */
export function expectKind(der: Uint8Array, wanted: PemLabel): void {
  const came = structureLabel(der);
  if (came !== undefined && came !== wanted) throw unexpectedLabel(came, wanted);
}

/** A PEM label, or a name where PEM has none; undefined for what is not known. Throws PkiError invalid-der. */
function structureLabel(der: Uint8Array): string | undefined {
  const members = childrenOf(parseDer(der));
  const [first] = members;
  const shape = tagsOf(members);
  const shapeOfFirst = first === undefined ? '' : tagsOf(childrenOf(first));
  return SHAPES.find(([, all, inFirst]) => all.test(shape) && (inFirst?.test(shapeOfFirst) ?? true))?.[0];
}

/** Enough to tell all shapes apart. */
const MEMBERS = 10;

const childrenOf = (element: DerElement): DerElement[] =>
  isConstructed(element.tag) ? membersOf(element).slice(0, MEMBERS) : [];

const tagsOf = (elements: readonly DerElement[]): string =>
  elements.map(({ tag }) => tag.toString(16).padStart(2, '0')).join(' ');
