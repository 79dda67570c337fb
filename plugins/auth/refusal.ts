/** Why a request is not authenticated. The log has the reason; the caller gets the same reply for each. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../src/config/schema.ts';
import { certificateSuffices } from '../../src/config/access.ts';
import type { Credentials } from './credentials.ts';

export type Refusal = 'missing' | 'unknown' | 'expired' | 'not yet valid' | 'wrong scheme';

/** Returns the reason for a request in which no credential was found. */
export const refusalWithout = ({ authorization }: IncomingHttpHeaders): Refusal =>
  authorization === undefined ? 'missing' : 'wrong scheme';

/** Returns the reason for an X-API-Key that is not a key. A client can send an empty variable, or a token as a key. */
export function refusalOfKey({ kind, text }: Credentials): Refusal {
  if (text === '') return 'missing';
  return kind === 'X-API-Key' && JWT.test(text) ? 'wrong scheme' : 'unknown';
}

/** RFC 7519 §3: three parts of base64url. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Returns what the service accepts. It depends on the configuration alone, never on the request. */
export function hintFor(config: Config): string {
  if (certificateSuffices(config)) return 'Connect with a client certificate that this service trusts';
  const hasKeys = config.API_KEYS.length > 0 || config.API_KEYS_FILE !== undefined;
  if (!hasKeys) return 'Send Authorization: Bearer <access token>';
  const bearer = config.JWKS_URL === undefined ? '<key>' : '<key or access token>';
  return `Send X-API-Key: <key>, or Authorization: Bearer ${bearer}`;
}
