/** A socket that a service manager has opened already and keeps open across restarts (sd_listen_fds(3) of systemd). */

import { ConfigError } from './error.ts';
import type { Environment } from './load.ts';

/** SD_LISTEN_FDS_START. */
const FIRST = 3;

/** The descriptor of it; undefined where this process was passed none. Throws ConfigError where it was passed several. */
export function passedSocket({ LISTEN_PID, LISTEN_FDS }: Environment, pid: number): number | undefined {
  // What stands there for another process was inherited by mistake.
  if (LISTEN_PID !== String(pid)) return undefined;
  if (LISTEN_FDS !== '1') throw new ConfigError('LISTEN_FDS', 'must be 1: the service listens on one socket');
  return FIRST;
}
