/** The resources of another process of the same user (Linux). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Descriptors: files, sockets, pipes. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Open sockets. Unlike the open files, the store and its threads do not change their number. */
export const openSockets = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((name) => linkOf(`/proc/${pid}/fd/${name}`).startsWith('socket:'))
    .length;

/** Empty for a file that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

export function residentMegabytes(pid: number): number {
  const [, kibibytes = '0'] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}
