/**
 * RSASSA-PSS-params  ::=  SEQUENCE  {
 *      hashAlgorithm     [0] HashAlgorithm DEFAULT sha1Identifier,
 *      maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
 *      saltLength        [2] INTEGER DEFAULT 20,
 *      trailerField      [3] INTEGER DEFAULT 1  }             -- RFC 4055 §3.1
 *
 * Only SHA-2 hashes are accepted, the same one in MGF1, so only saltLength can be absent.
 */

import type { Digest } from '../algorithms/classical.ts';
import {
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
  requireNullOrNoParameters,
  unsupported,
} from './algorithm-identifier.ts';
import type { Der } from './der/header.ts';
import { contextConstructed, nullValue, sequence, TAG, unsignedInteger } from './der/writer.ts';
import { describeOid, digestOid, MGF1, oidName } from './oids.ts';
import { openSequence, type StructureReader } from './der/structure-reader.ts';
import { STRICT, type Reading } from './reading.ts';

export interface PssParameters {
  readonly digest: Digest;
  /** In octets. */
  readonly saltLength: number;
}

const DEFAULT_SALT_LENGTH = 20;

const DEFAULT_TRAILER_FIELD = 1;

/** Written with NULL in the AlgorithmIdentifiers of the hash (RFC 4055 §2.1). */
export function encodePssParameters({ digest, saltLength }: PssParameters): Der {
  const hash = encodeAlgorithmIdentifier(digestOid[digest], nullValue());
  const members = [
    contextConstructed(0, hash),
    contextConstructed(1, encodeAlgorithmIdentifier(MGF1, hash)),
    ...(saltLength === DEFAULT_SALT_LENGTH ? [] : [contextConstructed(2, unsignedInteger(saltLength))]),
  ];
  return sequence(...members);
}

/** DEFAULT values that are written out are tolerated. Throws PkiError unsupported-algorithm or invalid-der. */
export function readPssParameters(parameters: Der | undefined, reading: Reading = STRICT): PssParameters {
  if (parameters === undefined)
    throw unsupported('RSASSA-PSS must have parameters with SHA-256, SHA-384 or SHA-512');
  const reader = openSequence(parameters, { name: 'RSASSA-PSS-params', code: 'invalid-der' });
  const digest = readDigest(reader.optionalStructure('hashAlgorithm', 0xa0));
  const maskDigest = readMaskDigest(reader.optionalStructure('maskGenAlgorithm', 0xa1));
  if (maskDigest !== digest)
    throw unsupported('RSASSA-PSS must use the same hash in MGF1 as for the message');
  const saltLength = readNumber(reader.optionalStructure('saltLength', 0xa2), DEFAULT_SALT_LENGTH, reading);
  const trailer = reader.optionalStructure('trailerField', 0xa3);
  // RFC 4055 §3.1: there is no other value
  if (readNumber(trailer, DEFAULT_TRAILER_FIELD, reading) !== DEFAULT_TRAILER_FIELD)
    throw reader.fault('trailerField', `must be ${DEFAULT_TRAILER_FIELD}`);
  reader.end();
  return { digest, saltLength };
}

/** Returns lines about any parameters, supported or not. Throws PkiError invalid-der for another structure. */
export function describePssParameters(parameters: Der): string[] {
  const reader = openSequence(parameters, { name: 'RSASSA-PSS-params', code: 'invalid-der' });
  const hash = reader.optionalStructure('hashAlgorithm', 0xa0);
  const mask = reader.optionalStructure('maskGenAlgorithm', 0xa1);
  const salt = reader.optionalStructure('saltLength', 0xa2)?.smallInteger('INTEGER');
  const trailer = reader.optionalStructure('trailerField', 0xa3)?.smallInteger('INTEGER');
  reader.end();
  return [
    `hash ${hash ? nameOf(readOnly(hash)) : DEFAULT_HASH}`,
    `mask ${mask ? describeMask(readOnly(mask)) : `MGF1 with ${DEFAULT_HASH}`}`,
    `salt length ${salt ?? DEFAULT_SALT_LENGTH}`,
    ...(trailer === undefined ? [] : [`trailer field ${trailer}`]),
  ];
}

const DEFAULT_HASH = 'SHA-1';

const nameOf = (algorithm: Der): string => oidName(readAlgorithmIdentifier(algorithm).oid);

function describeMask(algorithm: Der): string {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  return parameters === undefined ? oidName(oid) : `${oidName(oid)} with ${nameOf(parameters)}`;
}

/** Returns the only member of an EXPLICIT tag, an AlgorithmIdentifier. */
function readOnly(reader: StructureReader): Der {
  const { encoding } = reader.element('AlgorithmIdentifier', TAG.sequence);
  reader.end();
  return encoding;
}

function readDigest(reader: StructureReader | undefined): Digest {
  if (reader === undefined)
    throw unsupported(
      'RSASSA-PSS with SHA-1, its default, is not supported; SHA-256, SHA-384 and SHA-512 are',
    );
  return digestOf(readOnly(reader));
}

function digestOf(der: Der): Digest {
  const identifier = readAlgorithmIdentifier(der);
  const digest = DIGESTS.find((name) => digestOid[name] === identifier.oid);
  if (digest === undefined)
    throw unsupported(
      `RSASSA-PSS with ${describeOid(identifier.oid)} is not supported; SHA-256, SHA-384 and SHA-512 are`,
    );
  requireNullOrNoParameters(identifier);
  return digest;
}

const DIGESTS = Object.freeze(Object.keys(digestOid) as Digest[]);

function readMaskDigest(reader: StructureReader | undefined): Digest | undefined {
  if (reader === undefined) return undefined;
  const { oid, parameters } = readAlgorithmIdentifier(readOnly(reader));
  return oid === MGF1 && parameters !== undefined ? digestOf(parameters) : undefined;
}

function readNumber(reader: StructureReader | undefined, byDefault: number, reading: Reading): number {
  if (reader === undefined) return byDefault;
  const number = reader.smallInteger('INTEGER');
  reader.end();
  if (number === byDefault)
    reading.tolerate(
      'default-value',
      reader.fault('INTEGER', `must be absent when it is ${byDefault}, its DEFAULT (X.690 §11.5)`),
    );
  return number;
}
