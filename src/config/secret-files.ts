/** Secrets in files: if the variable X is a secret, X_FILE may name a file with its value instead. */

import { readFileSync } from 'node:fs';
import { ConfigError } from './error.ts';
import { isWorldReadable } from './file-mode.ts';
import { isVariableName, SECRET_NAMES, type VariableName } from './schema.ts';

const SECRET_OF: ReadonlyMap<string, VariableName> = new Map(
  // API_KEYS_FILE is a variable of its own, with another format than API_KEYS.
  SECRET_NAMES.map((name) => [`${name}_FILE`, name] as const).filter(([file]) => !isVariableName(file)),
);

/** Returns `given` with each X_FILE replaced by X and the content of the file. Throws ConfigError. */
export function readSecretFiles(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const texts = new Map(given);
  for (const [file, secret] of SECRET_OF) {
    const path = given.get(file);
    if (path === undefined) continue;
    if (given.has(secret)) throw new ConfigError(file, `must not be set together with ${secret}`);
    texts.delete(file);
    texts.set(secret, secretIn(file, path));
  }
  return texts;
}

function secretIn(file: string, path: string): string {
  const secret = textOf(file, path).trimEnd();
  if (secret === '') throw new ConfigError(file, 'names an empty file');
  return secret;
}

function textOf(file: string, path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (isWorldReadable(path)) {
      process.emitWarning(`${file} can be read by every user of this machine`);
    }
    return text;
  } catch {
    throw new ConfigError(file, 'names a file that cannot be read');
  }
}
