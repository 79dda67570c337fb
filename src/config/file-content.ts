import { readFileSync } from 'node:fs';
import { ConfigError } from './error.ts';

/** Throws ConfigError for a file that cannot be read. */
export function readConfiguredFile(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigError(variable, 'names a file that cannot be read');
  }
}
