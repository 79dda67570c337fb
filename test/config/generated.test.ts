import { readFile } from 'node:fs/promises';
import t from 'tap';
import { GENERATED_FILES } from '../../scripts/generated-files.ts';

for (const [path, make] of GENERATED_FILES) {
  t.test(`${path} is up to date with npm run generate`, async (t) => {
    t.equal(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8'), await make());
  });
}
