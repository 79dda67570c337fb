/**
 * `node bin/node.js ARG…` is `node ARG…` with a Node.js that is new enough for this service. The npm scripts use it, as
 * npm 10 does not put the packaged Node.js on their PATH.
 */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSuitableNode, runNode, runPackagedNode } from './packaged-node.js';

const [program = '', ...args] = process.argv.slice(2);

if (!isSuitableNode()) {
  runPackagedNode([program, ...args]);
} else if (program.startsWith('-')) {
  runNode(process.execPath, [program, ...args], (error) => {
    throw error;
  });
} else {
  // In this process, which is faster.
  process.argv.splice(1, 1);
  process.argv[1] = resolve(program);
  await import(pathToFileURL(process.argv[1]).href);
}
