/** The configuration: read once from the environment and `.env`, judged as a whole, frozen. */

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { envSchema } from 'env-schema';
import { describeConstraint } from '../base/schema-text.ts';
import { systemCode } from '../base/system-code.ts';
import { rejectUnsafeAccess, withHashedKeys } from './access.ts';
import { ConfigError } from './error.ts';
import { rejectUnknownVariables, variableOf, warnUnusedOtel } from './names.ts';
import { ConfigSchema, isVariableName, schemaOf, type Config, type VariableName } from './schema.ts';
import { rejectIncompleteTls } from './tls.ts';
import { rejectInvalidTracing } from './tracing.ts';
import { isTrustedProxy, TRUSTED_PROXIES } from './trusted-proxies.ts';
import { isRedisUrl, REDIS_ADDRESS } from './redis-url.ts';
import { readSecretFiles } from './secret-files.ts';
import { readValue } from './values.ts';

/** Text by name of variable. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Values = Partial<Record<VariableName, unknown>>;

/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIG = 78;

/** Reads `.env` of the working directory, and the environment, which counts for more. Throws ConfigError. */
export const loadConfig = (): Config => configFrom(readEnvFile('.env'), process.env);

/** {@link loadConfig} for a process that is about to start: it ends with exit code 78 and one line when there is a fault. */
export function loadConfigOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof ConfigError) exitFor(error);
    throw error;
  }
}

/** For a fault that shows when the start has begun, such as a file that cannot be read. */
export function exitFor({ message }: ConfigError): never {
  process.stderr.write(`Configuration: ${message}\n`);
  process.exit(EXIT_CONFIG);
}

/** A later environment counts for more. An empty variable counts as absent. Throws ConfigError for the first fault. */
export function configFrom(...environments: readonly Environment[]): Config {
  const given = new Map(environments.flatMap((environment) => Object.entries(environment).filter(hasText)));
  const texts = readSecretFiles(given);
  rejectUnknownVariables([...texts.keys()]);
  warnUnusedOtel([...texts.keys()]);
  const values = valuesOf(texts);
  const config = judged({ ...defaultsOf(values), ...values });
  refuseUnsafe(config);
  rejectUnsafeAccess(config);
  rejectIncompleteTls(config);
  rejectInvalidTracing(config);
  Object.freeze(config.CORS_ORIGINS);
  Object.freeze(config.TRUST_PROXY);
  return Object.freeze(withHashedKeys(config));
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw new ConfigError(path, 'cannot be read');
  }
}

const hasText = (entry: [string, string | undefined]): entry is [string, string] =>
  entry[1] !== undefined && entry[1] !== '';

function valuesOf(given: ReadonlyMap<string, string>): Values {
  const values: Values = {};
  for (const [name, text] of given) {
    const variable = variableOf(name);
    if (variable === undefined) continue;
    refuseUnreadable(name, text);
    const value = readValue(variable, text);
    if (value === undefined) throw new ConfigError(name, `must be ${describeConstraint(schemaOf(variable))}`);
    if (values[variable] !== undefined && values[variable] !== value) {
      throw new ConfigError(name, 'is another name of a variable that says otherwise; set one of them');
    }
    values[variable] = value;
  }
  return values;
}

/** What nobody means and nobody sees: an end of line of another system, or a variable that was to be filled in. */
function refuseUnreadable(name: string, text: string): void {
  if (text.trim() === '')
    throw new ConfigError(name, 'must not be blank; leave it empty or out where it is not wanted');
  // Around the entries of a list line ends are white space.
  if (/\p{Cc}/u.test(text.replaceAll(/,\s+/g, ',').trim())) {
    throw new ConfigError(name, 'must not have control characters');
  }
}

/** Defaults that depend on other variables. */
const defaultsOf = ({ NODE_ENV, DEBUG }: Values): Values => ({
  HOST: NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1',
  LOG_LEVEL: DEBUG === true ? 'debug' : 'info',
  SHUTDOWN_DELAY: NODE_ENV === 'production' ? 5 : 0,
});

/** Applies the schema: defaults, bounds, lists of words. */
function judged(values: Values): Config {
  try {
    return envSchema<Config>({ schema: ConfigSchema, data: values, env: false });
  } catch (error) {
    throw faultOf(error);
  }
}

/** What env-schema throws holds the errors of Ajv. */
function faultOf(error: unknown): unknown {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return error;
  const [first] = error.errors as readonly { readonly instancePath: string }[];
  const name = first?.instancePath.split('/')[1] ?? '';
  if (!isVariableName(name)) return error;
  return new ConfigError(name, `must be ${describeConstraint(schemaOf(name))}`);
}

function refuseUnsafe(config: Config): void {
  const { NODE_ENV, DEBUG, CORS_ORIGINS, TRUST_PROXY, REDIS_URL, AUDIT_REQUIRED, LOG_LEVEL } = config;
  if (AUDIT_REQUIRED && LOG_LEVEL === 'silent') {
    throw new ConfigError(
      'AUDIT_REQUIRED',
      'must not be true where LOG_LEVEL is silent, which writes no audit',
    );
  }
  const anyOrigin = CORS_ORIGINS.includes('*');
  if (NODE_ENV === 'production' && DEBUG) throw new ConfigError('DEBUG', 'must not be true in production');
  if (NODE_ENV === 'production' && anyOrigin) {
    throw new ConfigError('CORS_ORIGINS', 'must list the origins in production, not *');
  }
  if (anyOrigin ? CORS_ORIGINS.length > 1 : !CORS_ORIGINS.every(isOrigin)) {
    throw new ConfigError(
      'CORS_ORIGINS',
      'must be * or origins such as https://app.example.com (scheme, host and port only), separated by commas',
    );
  }
  if (!TRUST_PROXY.every(isTrustedProxy)) throw new ConfigError('TRUST_PROXY', `must be ${TRUSTED_PROXIES}`);
  if (REDIS_URL !== undefined && !isRedisUrl(REDIS_URL)) {
    throw new ConfigError('REDIS_URL', `must be ${REDIS_ADDRESS}`);
  }
}

/** As a browser writes it into its Origin header, else it never matches (RFC 6454 §6.2). */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
