/** `npm run generate`: writes the files that are made from the code. */

import { writeFile } from 'node:fs/promises';
import { GENERATED_FILES } from './generated-files.ts';

for (const [path, make] of GENERATED_FILES) {
  await writeFile(new URL(`../${path}`, import.meta.url), await make());
}
