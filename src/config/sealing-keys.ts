/** The keys that seal and open the private keys of authorities. */

import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../base/system-code.ts';
import {
  parseSealingKey,
  SEALING_KEY_LENGTH,
  SealingKeyError,
  type SealingKey,
} from '../key-store/sealing-key.ts';
import { ConfigError } from './error.ts';
import { readConfiguredFile } from './file-content.ts';
import { isWorldReadable } from './file-mode.ts';
import type { Config } from './schema.ts';

export interface SealingKeys {
  readonly sealingKey: SealingKey;
  readonly otherKeys: readonly SealingKey[];
}

/** Name of the file in DATA_DIR that is made outside production. */
const MADE_FILE = 'key-encryption.key';

type Settings = Pick<Config, 'NODE_ENV' | 'DATA_DIR' | 'KEY_ENCRYPTION_KEY_FILE' | 'KEY_DECRYPTION_KEY_FILE'>;

/**
 * Reads the key of KEY_ENCRYPTION_KEY_FILE. Without it, makes one in DATA_DIR; returns undefined in production, and where
 * DATA_DIR cannot be written. Throws ConfigError.
 */
export function readSealingKeys(config: Settings): SealingKeys | undefined {
  const { NODE_ENV, KEY_ENCRYPTION_KEY_FILE, KEY_DECRYPTION_KEY_FILE } = config;
  const otherKeys =
    KEY_DECRYPTION_KEY_FILE === undefined
      ? []
      : [readSealingKey('KEY_DECRYPTION_KEY_FILE', KEY_DECRYPTION_KEY_FILE)];
  if (KEY_ENCRYPTION_KEY_FILE !== undefined)
    return { sealingKey: readSealingKey('KEY_ENCRYPTION_KEY_FILE', KEY_ENCRYPTION_KEY_FILE), otherKeys };
  if (NODE_ENV === 'production' || config.DATA_DIR === undefined) return undefined;
  const path = madeKeyFile(config.DATA_DIR);
  return path === undefined ? undefined : { sealingKey: readSealingKey('DATA_DIR', path), otherKeys };
}

/** Whether {@link readSealingKeys} would make a new key, because there is none yet or it was lost. */
export const makesSealingKey = ({ NODE_ENV, DATA_DIR, KEY_ENCRYPTION_KEY_FILE }: Settings): boolean =>
  NODE_ENV !== 'production' &&
  KEY_ENCRYPTION_KEY_FILE === undefined &&
  DATA_DIR !== undefined &&
  !existsSync(join(DATA_DIR, MADE_FILE));

/** For a store whose keys were sealed with a key that is lost. */
export const lostSealingKey = (): ConfigError =>
  new ConfigError(
    'DATA_DIR',
    `has no ${MADE_FILE}, the key that seals the private keys in its store; restore that file, or begin with an empty store`,
  );

/** Throws ConfigError. Warns of a file that every user can read. */
function readSealingKey(variable: string, path: string): SealingKey {
  const content = readConfiguredFile(variable, path);
  if (isWorldReadable(path)) process.emitWarning(`${variable} can be read by every user of this machine`);
  try {
    return parseSealingKey(content);
  } catch (error) {
    throw error instanceof SealingKeyError ? new ConfigError(variable, error.message) : error;
  }
}

/** Returns the path of the key in `folder`, and makes it once. Returns undefined where it cannot be written. */
function madeKeyFile(folder: string): string | undefined {
  const path = join(folder, MADE_FILE);
  if (existsSync(path)) return path;
  try {
    makeKeyFile(folder, path);
    return path;
  } catch (error) {
    return systemCode(error) === 'EEXIST' ? path : undefined;
  }
}

/** Another process that starts now finds the whole file or none. Throws EEXIST when the file is there. */
function makeKeyFile(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${randomUUID()}`;
  const key = randomBytes(SEALING_KEY_LENGTH);
  try {
    writeFileSync(unfinished, key, { mode: 0o600, flag: 'wx' });
    linkSync(unfinished, path);
  } finally {
    key.fill(0);
    rmSync(unfinished, { force: true });
  }
}
