import { ConfigSchema, type Config, type VariableName, VARIABLE_NAMES } from './schema.ts';

const SECRETS: readonly VariableName[] = VARIABLE_NAMES.filter(
  (name) => 'writeOnly' in ConfigSchema.properties[name],
);

/** The configuration in the form of an `.env` file, secrets masked. */
export const printConfig = (config: Config, secrets = SECRETS): string =>
  VARIABLE_NAMES.map(
    (name) => `${name}=${secrets.includes(name) ? '[secret]' : String(config[name])}\n`,
  ).join('');
