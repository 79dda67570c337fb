/** TBSCertLists for the linter, encoded member by member. */

import * as der from '../../src/formats/der/writer.ts';
import type { Signer } from '../../src/keys/key.ts';
import { extension, name, octets } from '../support/crafted.ts';

export interface ListParts {
  /** DER of a member in place of the usual one; `[]` leaves it out. */
  readonly version?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly thisUpdate?: Uint8Array;
  readonly nextUpdate?: readonly Uint8Array[];
  /** Absent when undefined. */
  readonly entries?: readonly Uint8Array[];
  /** Changes of {@link LIST_EXTENSIONS}: extensions to add or replace; undefined removes one. */
  readonly extensions?: Readonly<Record<string, Uint8Array | undefined>>;
}

const LIST_EXTENSIONS: Readonly<Record<string, Uint8Array | undefined>> = {
  authorityKeyIdentifier: extension('2.5.29.35', false, '30 06 80 04 01 02 03 04'),
  number: extension('2.5.29.20', false, '02 01 05'),
};

export const REVOKED_AT = der.time(new Date('2026-01-01T00:00:00Z'));

export const serial = (hex: string): Uint8Array => der.tlv(der.TAG.integer, octets(hex));

/** An entry with the serial number 7, unless another one is given. */
export const entry = (
  extensions: readonly Uint8Array[] = [],
  number = serial('07'),
  time: Uint8Array = REVOKED_AT,
) => der.sequence(number, time, ...(extensions.length > 0 ? [der.sequence(...extensions)] : []));

export const reason = (value: string, critical = false) => extension('2.5.29.21', critical, value);

export function craftTbsList(signer: Signer, parts: ListParts = {}): Uint8Array {
  const { version = [der.unsignedInteger(1)], entries } = parts;
  const extensions = Object.values({ ...LIST_EXTENSIONS, ...parts.extensions });
  return der.sequence(
    ...version,
    parts.signature ?? signer.signatureAlgorithm,
    parts.issuer ?? name('Crafted CA'),
    parts.thisUpdate ?? der.time(new Date('2026-01-02T00:00:00Z')),
    ...(parts.nextUpdate ?? [der.time(new Date('2026-01-09T00:00:00Z'))]),
    ...(entries ? [der.sequence(...entries)] : []),
    der.contextConstructed(0, der.sequence(...extensions.filter((part) => part !== undefined))),
  );
}

/** 20301231235959Z. */
export const GENERALIZED_2030 = octets('18 0f 32 30 33 30 31 32 33 31 32 33 35 39 35 39 5a');

export const FRESHEST = '30 0a 30 08 a0 06 a0 04 86 02 61 3a';

export interface BrokenList extends ListParts {
  /** Other rules that the same content breaks. */
  readonly also?: readonly string[];
}

/** For each rule about CRLs alone, content that breaks it. */
export const BROKEN_LISTS: Readonly<Record<string, BrokenList>> = {
  'rfc5280-crl-structure': { nextUpdate: [], thisUpdate: octets('05 00') },
  'rfc5280-crl-version-2': { version: [] },
  'rfc5280-crl-signature-algorithm': { signature: octets('30 05 06 03 2b 65 70') },
  'rfc5280-crl-issuer-not-empty': { issuer: name() },
  'rfc5280-crl-this-update': {
    thisUpdate: GENERALIZED_2030,
    nextUpdate: [der.time(new Date('2031-01-01'))],
  },
  'rfc5280-crl-next-update': { nextUpdate: [] },
  'rfc5280-crl-no-empty-entries': { entries: [] },
  'rfc5280-crl-serial-number': { entries: [entry([], serial('00'))] },
  'rfc5280-crl-repeated-serial-number': { entries: [entry(), entry()] },
  'rfc5280-crl-revocation-date': { entries: [entry([], serial('07'), GENERALIZED_2030)] },
  'rfc5280-crl-critical-extension': { entries: [entry([reason('0a 01 01', true)])] },
  'rfc5280-crl-reason-code': { entries: [entry([reason('0a 01 07')])] },
  'rfc5280-crl-reason-unspecified': { entries: [entry([reason('0a 01 00')])] },
  'rfc5280-crl-remove-from-crl': { entries: [entry([reason('0a 01 08')])] },
  'rfc5280-crl-invalidity-date': { entries: [entry([extension('2.5.29.24', false, REVOKED_AT)])] },
  'rfc5280-crl-extensions-known': { extensions: { unknown: extension('1.2.3', true, '05 00') } },
  'rfc5280-crl-authority-key-identifier': { extensions: { authorityKeyIdentifier: undefined } },
  'rfc5280-crl-number': { extensions: { number: extension('2.5.29.20', false, '02 01 80') } },
  'rfc5280-crl-delta-indicator': { extensions: { delta: extension('2.5.29.27', false, '02 01 04') } },
  'rfc5280-crl-issuing-distribution-point': {
    extensions: { point: extension('2.5.29.28', true, '30 00') },
  },
  'rfc5280-crl-freshest-crl': {
    extensions: { freshest: extension('2.5.29.46', true, FRESHEST) },
    also: ['rfc5280-crl-extensions-known'],
  },
};
