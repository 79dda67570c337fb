/** ECPrivateKey (RFC 5915 §3), the contents of privateKey of an EC key: see `classical-private-key.ts`. */

import { unsupported, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import { openPrivateKey, type ClassicalPrivateKey } from './classical-private-key.ts';
import { COORDINATE_LENGTH, CURVE_ORDER, type CurveName } from './curves.ts';
import type { Der } from './der/header.ts';
import type { StructureReader } from './der/structure-reader.ts';
import { bitString, contextConstructed, TAG, tlvParts, unsignedInteger } from './der/writer.ts';
import { uncompressedPoint } from './ec-point.ts';
import { readNamedCurve } from './key-algorithm.ts';
import { STRICT, type Reading } from './reading.ts';

const VERSION = unsignedInteger(1);
const PARAMETERS = 0xa0;
const PUBLIC_KEY = 0xa1;

/**
 * Returns the key as it is written, without the parameters inside. Tolerated are a private key of another length, a curve
 * that only ECPrivateKey names, and the other forms of the point. Throws PkiError.
 */
export function readEcPrivateKey(
  algorithm: AlgorithmIdentifier,
  privateKey: Uint8Array,
  reading: Reading = STRICT,
): ClassicalPrivateKey {
  const reader = openPrivateKey('ECPrivateKey', privateKey);
  if (reader.smallInteger('version') !== 1) throw reader.fault('version', 'must be 1');
  const scalar = reader.octetString('privateKey');
  const inner = readParameters(reader);
  const parameters = algorithm.parameters ?? onlyInside(inner, reading);
  const curve = readNamedCurve({ parameters });
  if (inner !== undefined && readNamedCurve({ parameters: inner }) !== curve)
    throw reader.fault('parameters', `must name ${curve}, like the AlgorithmIdentifier`);
  const publicKey = readPublicKey(curve, reader, reading);
  reader.end();
  const octets = tlvParts(TAG.octetString, scalarParts(curve, scalar, reader, reading));
  return {
    algorithm: { oid: algorithm.oid, parameters },
    parts: tlvParts(TAG.sequence, [VERSION, ...octets, ...publicKey]),
  };
}

function readParameters(reader: StructureReader): Der | undefined {
  const parameters = reader.optionalStructure('parameters', PARAMETERS);
  const curve = parameters?.element('namedCurve').encoding;
  parameters?.end();
  return curve;
}

/** RFC 5480 §2.1.1: the AlgorithmIdentifier names the curve. Throws PkiError unsupported-algorithm. */
function onlyInside(inner: Der | undefined, reading: Reading): Der | undefined {
  if (inner !== undefined)
    reading.tolerate(
      'private-key-value',
      unsupported('An EC key must name its curve in its AlgorithmIdentifier, not only in ECPrivateKey'),
    );
  return inner;
}

/** Returns the member as it is written; none when it is absent. */
function readPublicKey(curve: CurveName, reader: StructureReader, reading: Reading): Der[] {
  const member = reader.optionalStructure('publicKey', PUBLIC_KEY);
  if (member === undefined) return [];
  const point = uncompressedPoint(curve, member.bitString('BIT STRING'), reading);
  member.end();
  return [contextConstructed(1, bitString(point))];
}

/** RFC 5915 §3: the length of the order, so zero octets can precede the number. */
function scalarParts(
  curve: CurveName,
  scalar: Uint8Array,
  reader: StructureReader,
  reading: Reading,
): Uint8Array[] {
  const length = COORDINATE_LENGTH[curve];
  const number = scalar.subarray(
    Math.max(
      scalar.findIndex((octet) => octet !== 0),
      0,
    ),
  );
  if (scalar.length !== length) {
    const fault = reader.fault('privateKey', `must have ${length} octets for ${curve}`);
    if (number.length > length || scalar.length === 0) throw fault;
    reading.tolerate('private-key-value', fault);
  }
  // OpenSSL would reduce a larger number modulo the order
  if (number[0] === 0 || (number.length === length && Buffer.compare(number, CURVE_ORDER[curve]) >= 0))
    throw reader.fault('privateKey', `must be between 0 and the order of ${curve}`);
  return [new Uint8Array(length - number.length), number];
}
