import { isGuarded } from '../src/config/access.ts';
import type { Config } from '../src/config/schema.ts';

/**
 * The documentation and a first command, for a reader at a terminal. The command is a dry run, so that no private key is
 * printed there.
 */
export function firstSteps(config: Config, address: string): readonly string[] {
  const { BASE_PATH, DOCS_ENABLED, TLS_CERT_FILE } = config;
  const base = `${address}${BASE_PATH}`;
  const documentation = DOCS_ENABLED ? [`Documentation: ${base}/docs`] : [];
  // Over TLS the command would need the CA of a certificate for this address.
  if (TLS_CERT_FILE !== undefined) return documentation;
  const key = isGuarded(config) ? ' -H "X-API-Key: $API_KEY"' : '';
  const json = `-H 'Content-Type: application/json' -d '{"subject":"/CN=www.example.com","dry_run":true}'`;
  return [
    ...documentation,
    `First command: curl --fail-with-body${key} ${json} ${base}/api/v1/certificate/generate`,
  ];
}

/**
 * Returns the warning for a service in development that other machines reach without authentication; undefined when there
 * is nothing to warn of.
 */
export function openAddressWarning(config: Config): string | undefined {
  if (isGuarded(config) || config.ALLOW_ANONYMOUS || isLoopback(config.HOST)) return undefined;
  return `Every client that reaches ${config.HOST} can use this service: set API_KEYS, or HOST=127.0.0.1`;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
