/**
 * `node bin/node.js ARG…` is `node ARG…` with a Node.js that is new enough for this service. The npm scripts use it, as
 * npm 10 does not put the packaged Node.js on their PATH.
 */

import { runSuitableNode } from './packaged-node.js';

runSuitableNode(process.argv.slice(2));
