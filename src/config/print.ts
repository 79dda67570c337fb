import { SECRET_NAMES, type Config, VARIABLE_NAMES } from './schema.ts';

/** The configuration in the format of an `.env` file, with masked secrets. */
export const printConfig = (config: Config, secrets = SECRET_NAMES): string =>
  VARIABLE_NAMES.map((name) => {
    const text = String(config[name] ?? '');
    return `${name}=${text !== '' && secrets.includes(name) ? '[secret]' : text}\n`;
  }).join('');
