/** `npm run build`: bundles the service into dist/. */

import { relative } from 'node:path';
import { ROOT } from '../src/base/root.ts';
import { bundle, DIST } from './bundle.ts';
import { readOptions } from './command-line.ts';

const USAGE = `npm run build
  Bundles the service into the folder dist/, which is replaced.

Example:
  npm run build && node dist/start.js
`;

readOptions(USAGE, {});
const { files, bytes } = await bundle(DIST);
const size = (bytes / 1e6).toFixed(1);
console.log(
  `Wrote ${files} files, ${size} MB, to ${relative(ROOT, DIST)}/. Start the service with: node dist/start.js`,
);
