import { isGuarded } from '../src/config/access.ts';
import type { Config } from '../src/config/schema.ts';

/** The documentation and a first command, for a reader at a terminal. */
export function firstSteps(config: Config, address: string): readonly string[] {
  const { BASE_PATH, DOCS_ENABLED, TLS_CERT_FILE } = config;
  const base = `${address}${BASE_PATH}`;
  const documentation = DOCS_ENABLED ? [`Documentation: ${base}/docs`] : [];
  // Over TLS the command would need the CA of a certificate for this address.
  if (TLS_CERT_FILE !== undefined) return documentation;
  const key = isGuarded(config) ? ' -H "X-API-Key: $API_KEY"' : '';
  const json = `-H 'Content-Type: application/json' -d '{"subject":"/CN=www.example.com"}'`;
  return [
    ...documentation,
    `First command: curl --fail-with-body${key} ${json} ${base}/api/v1/certificate/generate`,
  ];
}
