import { writeFileSync } from 'node:fs';
import type { Test } from 'tap';
import { generateApiKey, type ApiKey } from '../../src/access/api-key.ts';
import { formatKeyLine } from '../../src/access/key-file.ts';
import type { Scope } from '../../src/access/scopes.ts';

export const makeKey = (
  scopes: readonly Scope[],
  { name = 'ci', notAfter = undefined as Date | undefined } = {},
) => generateApiKey({ name, scopes, notAfter });

/** Returns a file with these keys, and a function that writes other keys into it. */
export function keyFile(t: Test, ...keys: ApiKey[]) {
  const folder = t.testdir({});
  const path = `${folder}/keys`;
  const write = (...keys: ApiKey[]): void =>
    writeFileSync(path, keys.map((key) => `${formatKeyLine(key)}\n`).join(''), { mode: 0o600 });
  write(...keys);
  return { path, write };
}
