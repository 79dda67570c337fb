/** `npm run build`: bundles the service into dist/, or into the folder that is named. */

import { join, resolve } from 'node:path';
import { ROOT } from '../src/root.ts';
import { bundle } from './bundle.ts';

const [, , folder = join(ROOT, 'dist')] = process.argv;
await bundle(resolve(folder));
