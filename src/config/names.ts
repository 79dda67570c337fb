/** Which environment variables belong to this service. Others are ignored, unless they look like a misspelling. */

import { isSimilar } from '../base/edit-distance.ts';
import { ConfigError } from './error.ts';
import { isVariableName, VARIABLE_NAMES, type VariableName } from './schema.ts';

/** Names of the older service for variables of this one. */
const ALIASES: ReadonlyMap<string, VariableName> = new Map([['FLASK_DEBUG', 'DEBUG']]);

/** Prefixes that only variables of this service have. */
const FAMILIES = ['CORS', 'RATE_LIMIT'];

/** The prefix of OpenTelemetry, which defines more variables than this service reads. Only misspellings are rejected. */
const OPEN_TELEMETRY = 'OTEL';

/** Variables that the OTLP exporter itself reads from the environment. */
const READ_BY_EXPORTER =
  /^OTEL_EXPORTER_OTLP_(?:TRACES_)?(?:HEADERS|TIMEOUT|COMPRESSION|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY)$/;

/** The variable with this name or alias; undefined for a variable of another program. */
export const variableOf = (name: string): VariableName | undefined =>
  isVariableName(name) ? name : ALIASES.get(name);

/** Throws ConfigError for the first name that looks like a misspelled variable of this service. */
export function rejectUnknownVariables(names: readonly string[]): void {
  for (const name of names) {
    if (variableOf(name) !== undefined || name === CLIENT_KEY) continue;
    const similar = similarVariable(name);
    if (similar === undefined) continue;
    throw new ConfigError(name, `is not a variable of this service; did you mean ${similar}?`);
  }
}

/** The API key that `npm run doctor` and `npm run replay` send. It may be exported where the service starts. */
const CLIENT_KEY = 'API_KEY';

/** Warns if API_KEY is set and API_KEYS is not: it may be a misspelling. */
export function warnClientKey(names: readonly string[]): void {
  if (!names.includes(CLIENT_KEY) || names.includes('API_KEYS')) return;
  process.emitWarning(
    `${CLIENT_KEY} is set: only the doctor and replay scripts read it, the service reads API_KEYS`,
  );
}

/** Warns about each variable of OpenTelemetry that is set and that this service does not read. */
export function warnUnusedOtel(names: readonly string[]): void {
  for (const name of names) {
    if (!within(OPEN_TELEMETRY, name) || isVariableName(name) || READ_BY_EXPORTER.test(name)) continue;
    process.emitWarning(`${name} is set, but this service does not read it`);
  }
}

const similarVariable = (name: string): string | undefined =>
  VARIABLE_NAMES.find((ours) => isMisspelling(name, ours) || extendsOrCuts(name, ours)) ??
  VARIABLE_NAMES.find((ours) => FAMILIES.some((family) => within(family, ours) && within(family, name)));

/** Short names such as PORT resemble common ones such as PATH, so they may differ in one letter only. */
const isMisspelling = (name: string, ours: string): boolean => isSimilar(name, ours, ours.length < 8 ? 1 : 2);

/** Whether one name is a prefix of the other. Not for names of one word: HOSTNAME, NODE and DATA mean other things. */
const extendsOrCuts = (name: string, ours: string): boolean =>
  name.includes('_') &&
  ours.includes('_') &&
  !within(OPEN_TELEMETRY, name) &&
  (within(ours, name) || within(name, ours));

/** Whether `name` is `words`, or `words` followed by further words. */
const within = (words: string, name: string): boolean => name === words || name.startsWith(`${words}_`);
