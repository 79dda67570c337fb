/**
 * AlgorithmIdentifier  ::=  SEQUENCE  {
 *      algorithm               OBJECT IDENTIFIER,
 *      parameters              ANY DEFINED BY algorithm OPTIONAL  }      -- RFC 5280 §4.1.1.2
 */

import { PkiError } from '../base/errors.ts';
import type { Der } from './der/header.ts';
import { nullValue, objectIdentifier, sequence } from './der/writer.ts';
import { describeOid } from './oids.ts';
import { openSequence } from './der/structure-reader.ts';
import { STRICT, type Reading } from './reading.ts';

export interface AlgorithmIdentifier {
  readonly oid: string;
  /** The parameters, DER; undefined when they are absent. */
  readonly parameters: Der | undefined;
}

export const encodeAlgorithmIdentifier = (oid: string, parameters?: Der): Der =>
  parameters === undefined ? sequence(objectIdentifier(oid)) : sequence(objectIdentifier(oid), parameters);

/** Throws PkiError invalid-der for another structure. */
export function readAlgorithmIdentifier(der: Der): AlgorithmIdentifier {
  const reader = openSequence(der, { name: 'AlgorithmIdentifier', code: 'invalid-der' });
  const oid = reader.oid('algorithm');
  const parameters = reader.hasMore ? reader.element('parameters').encoding : undefined;
  reader.end();
  return { oid, parameters };
}

/** Returns `identifier` without parameters; NULL is tolerated. Throws PkiError unsupported-algorithm. */
export function requireNoParameters(
  identifier: AlgorithmIdentifier,
  reading: Reading = STRICT,
): AlgorithmIdentifier {
  const { oid, parameters } = identifier;
  if (parameters === undefined) return identifier;
  const not = isNull(parameters) ? ', not NULL' : '';
  const fault = unsupported(
    `The parameters of ${describeOid(oid)} must be absent from the AlgorithmIdentifier${not}`,
  );
  if (!isNull(parameters)) throw fault;
  reading.tolerate('algorithm-parameters', fault);
  return { oid, parameters: undefined };
}

/**
 * RFC 3279 §2.3.1, RFC 4055 §5: the parameters of RSA are NULL. Returns `identifier` with them; their absence is tolerated.
 * Throws PkiError unsupported-algorithm.
 */
export function requireNullParameters(
  identifier: AlgorithmIdentifier,
  reading: Reading = STRICT,
): AlgorithmIdentifier {
  const { oid, parameters } = identifier;
  if (isNull(parameters)) return identifier;
  const fault = unsupported(`The parameters of ${describeOid(oid)} must be NULL`);
  if (parameters !== undefined) throw fault;
  reading.tolerate('algorithm-parameters', fault);
  return { oid, parameters: NULL };
}

/** {@link requireNullParameters} for signatures and hashes, whose parameters may also be absent (RFC 4055 §2.1, §5). */
export function requireNullOrNoParameters(identifier: AlgorithmIdentifier): void {
  if (identifier.parameters !== undefined) requireNullParameters(identifier);
}

const NULL = nullValue();

const isNull = (parameters: Der | undefined): boolean =>
  parameters !== undefined && Buffer.compare(parameters, NULL) === 0;

export const unsupported = (sentence: string): PkiError => new PkiError('unsupported-algorithm', sentence);
