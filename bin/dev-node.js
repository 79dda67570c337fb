/**
 * `node bin/dev-node.js ARG…` is `node bin/node.js ARG…` for scripts that need the packages of `devDependencies`. Without
 * them it prints one line that says how to install them.
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSuitableNode } from './packaged-node.js';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** One of them stands for all: npm installs all or none. */
const SAMPLE = 'node_modules/prettier';

if (existsSync(join(ROOT, SAMPLE))) {
  runSuitableNode(process.argv.slice(2));
} else {
  const script = process.env.npm_lifecycle_event ?? 'This script';
  console.error(
    `${script}: development packages are not installed. Run "npm ci" without "--omit=dev" first.`,
  );
  process.exitCode = 1;
}
