/** Features ::= SEQUENCE OF INTEGER: extensions that a TLS server must have in its handshake (RFC 7633 §4). */

import type { Der } from '../../formats/der/header.ts';
import { sequence, unsignedInteger } from '../../formats/der/writer.ts';
import { openExtension } from './extension.ts';

/** `status_request` of TLS (RFC 6066 §8), known as "must staple". */
const STATUS_REQUEST = 5;

/** IANA TLS ExtensionType values that are used as features. */
const FEATURES: ReadonlyMap<number, string> = new Map([
  [STATUS_REQUEST, 'status_request'],
  [17, 'status_request_v2'],
]);

/** The server must send an OCSP response with its certificate. */
export const MUST_STAPLE = sequence(unsignedInteger(STATUS_REQUEST));

/** Returns the numbers of the TLS extensions. Throws PkiError invalid-extension. */
export function readTlsFeatures(value: Der): number[] {
  const list = openExtension('Features', value);
  const features: number[] = [];
  while (list.hasMore) features.push(list.smallInteger('INTEGER'));
  return features;
}

export const describeTlsFeature = (value: Der): string[] =>
  readTlsFeatures(value).map((feature) => FEATURES.get(feature) ?? String(feature));
