/**
 * nginx, HAProxy and Apache that are linked with OpenSSL 3.5 or later: those of the system, or those of Debian 13 that
 * `.ci/services` unpacked.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram, isExecutable } from '../../scripts/find-program.ts';
import { missing, type Missing } from './services.ts';

const STARTER = join(import.meta.dirname, '../../.ci/bin/debian13-server');
const CACHE = process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache');
const FOLDER = `${process.env.OPENSSL_ROOT ?? join(CACHE, 'mldsa-ci/debian13')}-servers`;

export interface MlDsaServer {
  readonly command: string;
  /** Before those of the program. */
  readonly args: readonly string[];
  /** Folder above `usr`. */
  readonly root: string;
}

/** The programs of a system are all linked with one OpenSSL, which nginx prints. */
const isNew = (nginx: string): boolean =>
  / OpenSSL (?:3\.(?:[5-9]|\d\d)|[4-9])/.test(spawnSync(nginx, ['-V'], { encoding: 'utf8' }).stderr);

const system = findProgram('nginx');
const isSystem = system !== undefined && isNew(system);

function find(name: string): MlDsaServer | undefined {
  if (isSystem) {
    const command = findProgram(name);
    return command === undefined ? undefined : { command, args: [], root: '' };
  }
  const path = `/usr/sbin/${name}`;
  return isExecutable(FOLDER + path) ? { command: STARTER, args: [path], root: FOLDER } : undefined;
}

export const mlDsaServers = { nginx: find('nginx'), haproxy: find('haproxy'), apache2: find('apache2') };

export const mlDsaServersMissing: Missing =
  Object.values(mlDsaServers).includes(undefined) &&
  missing('no nginx, HAProxy and Apache with OpenSSL 3.5 or later are at hand');
