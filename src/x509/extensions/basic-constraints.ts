import * as pkijs from 'pkijs';
import type { Der } from '../../formats/der/header.ts';
import type { Reading } from '../../formats/reading.ts';
import { openExtension } from './extension.ts';
import { encodePkijs } from './pkijs-value.ts';

/**
 * BasicConstraints ::= SEQUENCE {
 *      cA                      BOOLEAN DEFAULT FALSE,
 *      pathLenConstraint       INTEGER (0..MAX) OPTIONAL }      -- RFC 5280 §4.2.1.9
 */
export interface BasicConstraints {
  readonly cA: boolean;
  readonly pathLength?: number | undefined;
}

export function encodeBasicConstraints({ cA, pathLength }: BasicConstraints): Der {
  const value = new pkijs.BasicConstraints({
    cA,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  });
  return encodePkijs(value);
}

/** Throws PkiError invalid-extension. */
export function readBasicConstraints(value: Der, reading?: Reading): BasicConstraints {
  const reader = openExtension('BasicConstraints', value, reading);
  const cA = reader.defaultFalse('cA');
  if (!reader.hasMore) return { cA };
  const pathLength = reader.smallInteger('pathLenConstraint');
  reader.end();
  // RFC 5280 §4.2.1.9
  if (!cA) throw reader.fault('pathLenConstraint', 'must be absent when cA is FALSE');
  return { cA, pathLength };
}

export function describeBasicConstraints(value: Der): string[] {
  const { cA, pathLength } = readBasicConstraints(value);
  const lines = [`CA:${cA ? 'TRUE' : 'FALSE'}`];
  return pathLength === undefined ? lines : [...lines, `pathlen:${pathLength}`];
}
