/** Starts the service, or says which Node.js it needs. Plain JavaScript, so that an older one can say so too. */

import { join } from 'node:path';

const NEEDED = [24, 12];

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `This service needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}. ` +
      'After "npm ci" on Linux, "npm start" brings its own.',
  );
  process.exitCode = 1;
} else {
  const { start } = await import('../service/server.ts');
  await start(join(import.meta.dirname, 'worker.js'));
}
