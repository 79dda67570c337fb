/** What a test file imports in place of tap when it shares its process (`run-files.ts`). */

import { fileTest } from './run-files.ts';

// oxlint-disable-next-line import/no-default-export -- as tap, whose default export is the test
export default fileTest();
