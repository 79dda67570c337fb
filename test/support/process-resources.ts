/** The resources of another process of the same user (Linux). */

import { readdirSync, readFileSync } from 'node:fs';

/** Descriptors: files, sockets, pipes. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

export function residentMegabytes(pid: number): number {
  const [, kibibytes = '0'] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}
