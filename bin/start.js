/** Starts the service. With a Node.js that is too old it starts the packaged one, or prints which one it needs. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSuitableNode, runSuitableNode } from './packaged-node.js';

const USAGE = `npm start
  Starts the service. It has no options: environment variables and .env configure it (docs/configuration.md).
  Exit code 78: the configuration has an error.

Example:
  PORT=9000 npm start
`;

const args = process.argv.slice(2);

if (args.includes('--help')) {
  process.stdout.write(USAGE);
} else if (args.length > 0) {
  process.stderr.write(`Unknown argument ${args[0]}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (isSuitableNode()) {
  const { start } = await import('../service/server.ts');
  await start(join(import.meta.dirname, 'worker.js'));
} else {
  runSuitableNode([fileURLToPath(import.meta.url)]);
}
