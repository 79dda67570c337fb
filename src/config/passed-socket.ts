/** Socket activation: a service manager opens the socket and keeps it open across restarts (sd_listen_fds(3)). */

import { ConfigError } from './error.ts';
import type { Environment } from './load.ts';

/** SD_LISTEN_FDS_START. */
const FIRST = 3;

/** The file descriptor of the socket; undefined if there is none. Throws ConfigError if there is more than one. */
export function passedSocket({ LISTEN_PID, LISTEN_FDS }: Environment, pid: number): number | undefined {
  // The variables are for another process, which has passed them on by mistake.
  if (LISTEN_PID !== String(pid)) return undefined;
  if (LISTEN_FDS !== '1')
    throw new ConfigError('LISTEN_FDS', 'must be 1, because the service listens on one socket');
  return FIRST;
}
