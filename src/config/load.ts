/** The configuration: read once from the environment and `.env`, validated as a whole, then frozen. */

import { readFileSync } from 'node:fs';
import { envSchema } from 'env-schema';
import { systemCode } from '../base/system-code.ts';
import { rejectUnsafeAccess, withHashedKeys } from './access.ts';
import { acceptedValue } from './accepted-value.ts';
import { readEnvText } from './env-file.ts';
import { isDatabaseUrl } from './database-url.ts';
import { ConfigError } from './error.ts';
import { rejectUnknownVariables, variableOf, warnClientKey, warnUnusedOtel } from './names.ts';
import { ConfigSchema, isVariableName, type Config, type VariableName } from './schema.ts';
import { rejectIncompleteTls } from './tls.ts';
import { rejectInvalidTracing } from './tracing.ts';
import { isTrustedProxy } from './trusted-proxies.ts';
import { isRedisUrl } from './redis-url.ts';
import { isPublicUrl } from './public-url.ts';
import { readSecretFiles } from './secret-files.ts';
import { rejectInvalidWebhooks } from './webhooks.ts';
import { readValue } from './values.ts';

/** Values as text, by name of variable. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Values = Partial<Record<VariableName, unknown>>;

/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIG = 78;

/** Reads `.env` in the working directory and the environment, which takes precedence. Throws ConfigError. */
export const loadConfig = (): Config => configFrom(readEnvFile('.env'), process.env);

/** {@link loadConfig} for a process that starts: an error ends it with one line and exit code 78. */
export function loadConfigOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof ConfigError) exitFor(error);
    throw error;
  }
}

/** Ends the process with one line and exit code 78. Also for errors found later, such as a file that cannot be read. */
export function exitFor({ message }: ConfigError): never {
  process.stderr.write(`Configuration: ${message}\n`);
  process.exit(EXIT_CONFIG);
}

/** Later environments take precedence. An empty variable counts as unset. Throws ConfigError for the first error. */
export function configFrom(...environments: readonly Environment[]): Config {
  const given = new Map(environments.flatMap((environment) => Object.entries(environment).filter(hasText)));
  const texts = readSecretFiles(given);
  rejectUnknownVariables([...texts.keys()]);
  warnUnusedOtel([...texts.keys()]);
  warnClientKey([...texts.keys()]);
  const values = valuesOf(texts);
  const config = validated({ ...defaultsOf(values), ...values });
  rejectUnsafe(config);
  rejectUnsafeAccess(config);
  rejectIncompleteTls(config);
  rejectInvalidTracing(config);
  rejectInvalidWebhooks(config);
  Object.freeze(config.CORS_ORIGINS);
  Object.freeze(config.TRUST_PROXY);
  return Object.freeze(withHashedKeys(config));
}

function readEnvFile(path: string): Environment {
  try {
    return readEnvText(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
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
    rejectUnreadable(name, text);
    const value = readValue(variable, text);
    if (value === undefined) throw new ConfigError(name, `must be ${acceptedValue(variable)}`);
    if (values[variable] !== undefined && values[variable] !== value) {
      throw new ConfigError(name, `must not be set together with ${variable}, which has another value`);
    }
    values[variable] = value;
  }
  return values;
}

/** Rejects mistakes that are hard to see, such as the line ending of another system or a value of spaces. */
function rejectUnreadable(name: string, text: string): void {
  if (text.trim() === '')
    throw new ConfigError(name, 'must not be blank; leave it empty or remove it if it is not needed');
  // Line breaks between the entries of a list are allowed.
  if (/\p{Cc}/u.test(text.replaceAll(/,\s+/g, ',').trim())) {
    throw new ConfigError(name, 'must not contain control characters');
  }
}

/** Defaults that depend on other variables. */
const defaultsOf = ({ NODE_ENV, DEBUG, HOST, TRUST_PROXY }: Values): Values => ({
  HOST: NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1',
  ...(isTriedOut(NODE_ENV, HOST) && TRUST_PROXY === undefined ? WIDE_LIMITS : {}),
  ...((NODE_ENV ?? 'development') === 'development' ? { DATA_DIR: 'data' } : {}),
  LOG_LEVEL: DEBUG === true ? 'debug' : 'info',
  SHUTDOWN_DELAY: NODE_ENV === 'production' ? 5 : 0,
});

/** Whether only this machine reaches the service, where a person tries it out. */
const isTriedOut = (environment: unknown = 'development', host: unknown = '127.0.0.1'): boolean =>
  environment === 'development' && /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/i.test(String(host));

/** Ten times the defaults. */
const WIDE_LIMITS: Values = Object.freeze({
  RATE_LIMIT_PER_HOUR: 1000,
  RATE_LIMIT_GENERATE_PER_MINUTE: 100,
});

/** Applies the defaults of the schema and validates the values. env-schema compiles the schema once for a process. */
function validated(values: Values): Config {
  try {
    return envSchema<Config>({ schema: ConfigSchema, data: values, env: false });
  } catch (error) {
    throw faultOf(error);
  }
}

/** Converts an error of env-schema, which contains those of Ajv, to a ConfigError. */
function faultOf(error: unknown): unknown {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return error;
  const [first] = error.errors as readonly { readonly instancePath: string }[];
  const name = first?.instancePath.split('/')[1] ?? '';
  if (!isVariableName(name)) return error;
  return new ConfigError(name, `must be ${acceptedValue(name)}`);
}

function rejectUnsafe(config: Config): void {
  const { NODE_ENV, DEBUG, CORS_ORIGINS, TRUST_PROXY, AUDIT_REQUIRED, LOG_LEVEL } = config;
  if (AUDIT_REQUIRED && LOG_LEVEL === 'silent') {
    throw new ConfigError(
      'AUDIT_REQUIRED',
      'must not be true if LOG_LEVEL is silent, which writes no audit log',
    );
  }
  const anyOrigin = CORS_ORIGINS.includes('*');
  if (NODE_ENV === 'production' && DEBUG) throw new ConfigError('DEBUG', 'must not be true in production');
  if (NODE_ENV === 'production' && anyOrigin) {
    throw new ConfigError('CORS_ORIGINS', 'must list origins in production, not *');
  }
  if (anyOrigin ? CORS_ORIGINS.length > 1 : !CORS_ORIGINS.every(isOrigin)) {
    throw new ConfigError('CORS_ORIGINS', `must be ${acceptedValue('CORS_ORIGINS')}`);
  }
  if (!TRUST_PROXY.every(isTrustedProxy))
    throw new ConfigError('TRUST_PROXY', `must be ${acceptedValue('TRUST_PROXY')}`);
  for (const [name, isAccepted] of URLS) {
    const url = config[name];
    if (url !== undefined && !isAccepted(url)) throw new ConfigError(name, `must be ${acceptedValue(name)}`);
  }
}

const URLS = [
  ['REDIS_URL', isRedisUrl],
  ['PUBLIC_URL', isPublicUrl],
  ['DATABASE_URL', isDatabaseUrl],
] as const;

/** The form of an Origin header field (RFC 6454 §6.2): another form would never match. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
