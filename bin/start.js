/** Starts the service. With a Node.js that is too old it starts the packaged one, or prints which one it needs. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSuitableNode, runSuitableNode } from './packaged-node.js';

if (isSuitableNode()) {
  const { start } = await import('../service/server.ts');
  await start(join(import.meta.dirname, 'worker.js'));
} else {
  runSuitableNode([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
