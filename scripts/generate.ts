/** `npm run generate`: writes the files that are generated from the code. */

import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../src/base/root.ts';
import { readOptions } from './command-line.ts';
import { EXAMPLES, GENERATED_FILES } from './generated-files.ts';

const USAGE = `npm run generate
  Writes from the code:
${[...GENERATED_FILES.keys()].map((path) => `    ${path}\n`).join('')}
Example:
  npm run generate && git diff openapi.yaml
`;

readOptions(USAGE, {});
for (const [path, make] of GENERATED_FILES) {
  const file = join(ROOT, path);
  const text = await make();
  const isCurrent = text === (await readFile(file, 'utf8').catch(() => undefined));
  if (!isCurrent) await writeFile(file, text);
  console.log(`${path}: ${isCurrent ? 'unchanged' : 'written'}`);
  if (path === EXAMPLES && !isCurrent) {
    // This process has imported the former examples.
    process.exitCode = spawnSync(process.execPath, [import.meta.filename], { stdio: 'inherit' }).status ?? 1;
    break;
  }
}
