/** `npm run config`: prints the effective configuration. */

import { loadConfigOrExit } from '../src/config/load.ts';
import { printConfig } from '../src/config/print.ts';

process.stdout.write(printConfig(loadConfigOrExit()));
