import { BlocklistError, parseKeyBlocklist, type KeyBlocklist } from '../keys/key-blocklist.ts';
import { ConfigError } from './error.ts';
import { readConfiguredFile } from './file-content.ts';
import type { Config } from './schema.ts';

/** Reads KEY_BLOCKLIST_FILE. Returns undefined without one. Throws ConfigError. */
export function readKeyBlocklist({ KEY_BLOCKLIST_FILE: path }: Config): KeyBlocklist | undefined {
  if (path === undefined) return undefined;
  const text = readConfiguredFile('KEY_BLOCKLIST_FILE', path).toString();
  try {
    return parseKeyBlocklist(text);
  } catch (error) {
    if (!(error instanceof BlocklistError)) throw error;
    throw new ConfigError('KEY_BLOCKLIST_FILE', `names an invalid file: ${error.message}`);
  }
}
