/** Describes algorithms and keys, supported or not. */

import { ifReadable } from '../base/errors.ts';
import { hexadecimal } from '../base/hexadecimal.ts';
import { readAlgorithmIdentifier } from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { decodeOid, elementOf } from './der/reader.ts';
import { openSequence } from './der/structure-reader.ts';
import { TAG } from './der/writer.ts';
import { curveOid, keyAlgorithmOid, oidName, signatureAlgorithmOid } from './oids.ts';
import { describePssParameters } from './pss-parameters.ts';
import { STRICT, type Reading } from './reading.ts';
import { bitLength, readRsaPublicKey } from './rsa-public-key.ts';
import { readSubjectPublicKeyInfo } from './subject-public-key-info.ts';
import { UNSUPPORTED_CURVES } from './unsupported-oids.ts';

export interface AlgorithmDescription {
  readonly oid: string;
  /** The name in the standard, such as `SLH-DSA-SHA2-128s`; the OID itself when it is unknown. */
  readonly name: string;
  /** Readable lines; empty when the parameters are absent or NULL, hexadecimal when they are unknown. */
  readonly parameters: readonly string[];
}

export interface KeyDescription {
  readonly algorithm: AlgorithmDescription;
  /** Length of the RSA modulus, of the field of the curve, or of the DSA prime; undefined for other algorithms. */
  readonly bits: number | undefined;
  /** Of RSA, decimal. */
  readonly publicExponent: string | undefined;
  /** The named curve of an EC key. */
  readonly curve: string | undefined;
}

const DSA = '1.2.840.10040.4.1';
const PSS = signatureAlgorithmOid['RSASSA-PSS'];
const { 'id-ecPublicKey': EC, rsaEncryption: RSA } = keyAlgorithmOid;

/** `algorithm` is an AlgorithmIdentifier. Throws PkiError invalid-der for another structure. */
export function describeAlgorithm(algorithm: Der): AlgorithmDescription {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  const lines =
    parameters && (ifReadable(() => describeParameters(oid, parameters)) ?? [hexadecimal(parameters)]);
  return { oid, name: oidName(oid), parameters: lines ?? [] };
}

/** Returns undefined for unknown parameters. */
function describeParameters(oid: string, parameters: Der): string[] | undefined {
  const { tag, contents } = elementOf(parameters);
  if (tag === TAG.null) return [];
  if (oid === PSS) return describePssParameters(parameters);
  if (oid === EC)
    return tag === TAG.objectIdentifier ? [oidName(decodeOid(contents))] : ['explicit parameters'];
  return oid === DSA ? [`p of ${dsaBits(parameters)} bits`] : undefined;
}

/** Throws PkiError invalid-der or invalid-public-key when `spki` is not a SubjectPublicKeyInfo. */
export function describeSubjectPublicKeyInfo(spki: Der, reading: Reading = STRICT): KeyDescription {
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki, reading);
  const description = describeAlgorithm(algorithm);
  const none = { algorithm: description, bits: undefined, publicExponent: undefined, curve: undefined };
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid === RSA || oid === PSS) return { ...none, ...ifReadable(() => describeRsaKey(bits)) };
  if (oid === EC && parameters !== undefined) return { ...none, ...describeCurve(parameters) };
  if (oid !== DSA || parameters === undefined) return none;
  return { ...none, bits: ifReadable(() => dsaBits(parameters)) };
}

/** An exponent of more bits is not computed in decimal. */
const MAX_EXPONENT_BITS = 256;

function describeRsaKey(bits: Uint8Array): Pick<KeyDescription, 'bits' | 'publicExponent'> {
  const { modulus, publicExponent } = readRsaPublicKey(bits);
  const isShort = bitLength(publicExponent) <= MAX_EXPONENT_BITS;
  const exponent = isShort
    ? BigInt(`0x${Buffer.from(publicExponent).toString('hex')}`).toString()
    : undefined;
  return { bits: bitLength(modulus), publicExponent: exponent };
}

const CURVE_BITS: ReadonlyMap<string, number> = new Map([
  [curveOid['P-256'], 256],
  [curveOid['P-384'], 384],
  [curveOid['P-521'], 521],
  ...UNSUPPORTED_CURVES.map(([, oid, bits]): [string, number] => [oid, bits]),
]);

function describeCurve(parameters: Der): Pick<KeyDescription, 'bits' | 'curve'> {
  const { tag, contents } = elementOf(parameters);
  if (tag !== TAG.objectIdentifier) return { bits: undefined, curve: undefined };
  const oid = decodeOid(contents);
  return { bits: CURVE_BITS.get(oid), curve: oidName(oid) };
}

/** Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER } (RFC 3279 §2.3.2) */
const dsaBits = (parameters: Der): number =>
  bitLength(openSequence(parameters, { name: 'Dss-Parms', code: 'invalid-der' }).integer('p'));
