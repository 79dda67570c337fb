/** Which environment variables are meant for this service. Others are none of its business, unless they look alike. */

import { isSimilar } from '../base/edit-distance.ts';
import { ConfigError } from './error.ts';
import { isVariableName, VARIABLE_NAMES, type VariableName } from './schema.ts';

/** Other names of our variables, which the service before this one used. */
const ALIASES: ReadonlyMap<string, VariableName> = new Map([['FLASK_DEBUG', 'DEBUG']]);

/** First words that nothing but a setting of this service begins with. */
const FAMILIES = ['CORS', 'RATE_LIMIT'];

/** A family that others define (OpenTelemetry): of its names only a misspelling of ours is refused. */
const OPEN_TELEMETRY = 'OTEL';

/** What the exporter reads from the environment by itself, where there is something to export. */
const READ_BY_EXPORTER =
  /^OTEL_EXPORTER_OTLP_(?:TRACES_)?(?:HEADERS|TIMEOUT|COMPRESSION|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY)$/;

/** The variable that a name stands for; undefined for one that is not ours. */
export const variableOf = (name: string): VariableName | undefined =>
  isVariableName(name) ? name : ALIASES.get(name);

/** Throws ConfigError for the first name that seems meant for this service and would be ignored. */
export function rejectUnknownVariables(names: readonly string[]): void {
  for (const name of names) {
    if (variableOf(name) !== undefined) continue;
    const similar = similarVariable(name);
    if (similar === undefined) continue;
    throw new ConfigError(name, `is not a variable of this service; did you mean ${similar}?`);
  }
}

/** Warns of each name of OpenTelemetry's that would say something, and that nothing here reads. */
export function warnUnusedOtel(names: readonly string[]): void {
  for (const name of names) {
    if (!within(OPEN_TELEMETRY, name) || isVariableName(name) || READ_BY_EXPORTER.test(name)) continue;
    process.emitWarning(`${name} is set, and this service does not read it`);
  }
}

const similarVariable = (name: string): string | undefined =>
  VARIABLE_NAMES.find((ours) => isMisspelling(name, ours) || extendsOrCuts(name, ours)) ??
  VARIABLE_NAMES.find((ours) => FAMILIES.some((family) => within(family, ours) && within(family, name)));

/** Short names such as PORT are near to ordinary ones such as PATH, so one letter must be the only difference. */
const isMisspelling = (name: string, ours: string): boolean => isSimilar(name, ours, ours.length < 8 ? 1 : 2);

/** Names of one word do not count: HOSTNAME, NODE and DATA mean other things. */
const extendsOrCuts = (name: string, ours: string): boolean =>
  name.includes('_') &&
  ours.includes('_') &&
  !within(OPEN_TELEMETRY, name) &&
  (within(ours, name) || within(name, ours));

/** Whether `name` is `words` or goes on with further words. */
const within = (words: string, name: string): boolean => name === words || name.startsWith(`${words}_`);
