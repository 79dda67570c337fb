/** The named curves of EC keys (RFC 5480 §2.1.1.1). */

import type { Der } from './der/header.ts';
import { elementOf, membersOf } from './der/reader.ts';
import { TAG } from './der/writer.ts';
import { curveOid } from './oids.ts';

export type CurveName = keyof typeof curveOid;

export const CURVE_NAMES = Object.freeze(Object.keys(curveOid) as CurveName[]);

/** Length of a coordinate and of a private key (RFC 5915 §3), in octets. */
export const COORDINATE_LENGTH: Readonly<Record<CurveName, number>> = Object.freeze({
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
});

/** SEC 2 §2.4.2, §2.5.1, §2.6.1: n. */
export const CURVE_ORDER: Readonly<Record<CurveName, Uint8Array>> = Object.freeze({
  'P-256': Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex'),
  'P-384': Buffer.from(
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    'hex',
  ),
  'P-521': Buffer.from(
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    'hex',
  ),
});

/** In ECParameters: version, fieldID, curve, base, order, cofactor (SEC 1 appendix C.2). */
const ORDER_MEMBER = 4;

/** Returns the curve that has the order in `parameters`, which write out a curve instead of naming it. */
export function curveOfSameOrder(parameters: Der): CurveName | undefined {
  const order = [...membersOf(elementOf(parameters))][ORDER_MEMBER];
  if (order?.tag !== TAG.integer) return undefined;
  const magnitude = order.contents[0] === 0 ? order.contents.subarray(1) : order.contents;
  return CURVE_NAMES.find((curve) => Buffer.compare(CURVE_ORDER[curve], magnitude) === 0);
}
