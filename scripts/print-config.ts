/** `npm run config`: prints the configuration. */

import { readOptions } from './command-line.ts';

const USAGE = `npm run config
  Prints the configuration that the service would use, from the environment and .env, with masked secrets.
  Exit code 78: the configuration has an error.

Example:
  PORT=9000 npm run -s config | grep PORT
`;

readOptions(USAGE, {});
const { loadConfigOrExit } = await import('../src/config/load.ts');
const { printConfig } = await import('../src/config/print.ts');
process.stdout.write(printConfig(loadConfigOrExit()));
