/** Objects of node:crypto with secrets are counted, so that they are collected soon (plugins/key-collection.ts). */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/process.ts';

/** Functions of node:crypto that make such objects. */
const MAKES =
  /^import \{[^}]*\b(?:createPrivateKey|generateKeyPair|create(?:Dec|C)ipheriv|pbkdf2|scrypt)\b[^}]*\} from 'node:crypto'/m;
const COUNTS = /\b(?:countSecret|generatedKeys)\b/;

const UNCOUNTED = [
  'src/algorithms/ml-kem/self-test.ts', // the seed is known
  'src/config/tls.ts', // the key is used until the process ends
  'src/key-store/sealing.ts', // so is this one
];

const isUncounted = (source: string): boolean => MAKES.test(source) && !COUNTS.test(source);

t.test('a file that makes such an object counts it', async (t) => {
  const uncounted = globSync('{src,plugins,routes,service}/**/*.ts', { cwd: ROOT }).filter((path) =>
    isUncounted(readFileSync(join(ROOT, path), 'utf8')),
  );
  t.strictSame(uncounted.toSorted(), UNCOUNTED);
});

t.test('what the check finds', async (t) => {
  t.ok(isUncounted("import { createPrivateKey, type KeyObject } from 'node:crypto';\n"));
  t.notOk(isUncounted("import { createPublicKey } from 'node:crypto';\n"));
  t.notOk(isUncounted("import { scrypt } from 'node:crypto';\nimport { countSecret } from './a.ts';\n"));
});
