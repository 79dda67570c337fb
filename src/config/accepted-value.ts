/** The values of a variable in words. */

import { WEBHOOK_EVENTS } from '../webhooks/receivers.ts';
import { describeConstraint } from '../base/schema-text.ts';
import { DATABASE_ADDRESS } from './database-url.ts';
import { REDIS_ADDRESS } from './redis-url.ts';
import { schemaOf, type VariableName } from './schema.ts';
import { TRUSTED_PROXIES } from './trusted-proxies.ts';
import { WEBHOOK_ADDRESSES } from './webhook-addresses.ts';

/** For variables whose values JSON Schema does not describe. */
const DESCRIPTIONS: Partial<Record<VariableName, string>> = {
  BASE_PATH: 'a path that begins with a slash and does not end with one, such as /pki',
  API_KEYS: 'at most 100 keys separated by commas',
  CORS_ORIGINS:
    '* or origins such as https://app.example.com (scheme, host and port only), separated by commas',
  PUBLIC_URL:
    'an http or https URL without user, query, fragment and slash at its end, such as http://pki.example.com',
  TRUST_PROXY: TRUSTED_PROXIES,
  REDIS_URL: REDIS_ADDRESS,
  DATABASE_URL: DATABASE_ADDRESS,
  WEBHOOK_URLS: WEBHOOK_ADDRESSES,
  WEBHOOK_SECRET: 'one or two texts of whsec_ and base64 of 24 to 64 bytes, separated by a comma',
  WEBHOOK_EVENTS: `some of ${WEBHOOK_EVENTS.join(', ')}, separated by commas`,
  WEBHOOK_ALLOWED_NETWORKS: 'at most 20 networks such as 10.1.0.0/16, separated by commas',
  CLIENT_CERT_HEADER:
    'the name of a header field that contains "cert", such as Client-Cert or X-SSL-Client-Cert',
};

/** Completes the sentence "NAME must be". */
export const acceptedValue = (variable: VariableName): string =>
  DESCRIPTIONS[variable] ?? describeConstraint(schemaOf(variable));
