/** Features ::= SEQUENCE OF INTEGER: extensions that a TLS server must have in its handshake (RFC 7633 §4.1). */

import { openSequence } from '../../formats/der/structure-reader.ts';
import { sequence, unsignedInteger } from '../../formats/der/writer.ts';

/** `status_request` of TLS (RFC 6066 §8), known as "must staple". */
const STATUS_REQUEST = 5;

/** The server must send an OCSP response with its certificate. */
export const MUST_STAPLE = sequence(unsignedInteger(STATUS_REQUEST));

/** Returns the numbers of the TLS extensions. Throws PkiError for another structure. */
export function readTlsFeatures(value: Uint8Array): number[] {
  const list = openSequence(value, { name: 'Features', code: 'invalid-extension' });
  const features: number[] = [];
  do features.push(list.smallInteger('INTEGER'));
  while (list.hasMore);
  return features;
}
