/** The keys of API_KEYS and of API_KEYS_FILE. The file can be read again. */

import { readFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { configuredKey, type ApiKey } from '../../src/access/api-key.ts';
import { KeyFileError, parseKeyFile } from '../../src/access/key-file.ts';
import { createKeyRing, type KeyRing } from '../../src/access/key-ring.ts';
import { systemClock } from '../../src/base/clock.ts';
import { ConfigError } from '../../src/config/error.ts';
import { isWorldReadable } from '../../src/config/file-mode.ts';
import type { Config } from '../../src/config/schema.ts';

export interface ApiKeys extends KeyRing {
  /** Reads the file again. Throws ConfigError if the file is invalid, and keeps the previous keys then. */
  reload(): void;
}

/** Throws ConfigError if the file is invalid. */
export function openApiKeys({ API_KEYS, API_KEYS_FILE }: Config, log: FastifyBaseLogger): ApiKeys {
  const configured = API_KEYS.map(configuredKey);
  const open = (): KeyRing =>
    createKeyRing({ configured, filed: API_KEYS_FILE ? readKeyFile(API_KEYS_FILE, log) : [] });
  let ring = open();
  return {
    find: (text) => ring.find(text),
    hasExpired: (text) => ring.hasExpired(text),
    reload() {
      ring = open();
    },
  };
}

function readKeyFile(path: string, log: FastifyBaseLogger): readonly ApiKey[] {
  const keys = parsed(textOf(path));
  if (isWorldReadable(path)) log.warn('API_KEYS_FILE can be read by every user of this machine');
  log.info(`API_KEYS_FILE has ${keys.length} keys`);
  return keys;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError('API_KEYS_FILE', 'names a file that cannot be read');
  }
}

function parsed(text: string): readonly ApiKey[] {
  try {
    return parseKeyFile(text, systemClock());
  } catch (error) {
    throw error instanceof KeyFileError ? new ConfigError('API_KEYS_FILE', error.message) : error;
  }
}
