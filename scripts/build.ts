/** `npm run build`: bundles the service into dist/. */

import { bundle, DIST } from './bundle.ts';

await bundle(DIST);
