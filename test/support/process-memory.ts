/** What stands in the memory of another process of the same user (Linux). */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Bytes that are read at once. */
const WINDOW = 16_777_216;

/** Those of `needles` that stand somewhere in the memory of the process. */
export function findInMemory(pid: number, needles: readonly Buffer[]): ReadonlySet<Buffer> {
  const found = new Set<Buffer>();
  const longest = Math.max(...needles.map(({ length }) => length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const window = Buffer.alloc(WINDOW);
  try {
    for (const { start, end } of writableRegions(pid)) {
      for (let at = start; at < end; at += WINDOW - longest) {
        const part = window.subarray(0, readAt(memory, window, at, Math.min(WINDOW, end - at)));
        for (const needle of needles) if (!found.has(needle) && part.includes(needle)) found.add(needle);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function writableRegions(pid: number): readonly { readonly start: number; readonly end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .map((line) => /^([\da-f]+)-([\da-f]+) rw/.exec(line))
    .filter((match) => match !== null)
    .map(([, start = '', end = '']) => ({ start: parseInt(start, 16), end: parseInt(end, 16) }));
}

/** How many bytes could be read: a region may be gone, or guarded. */
function readAt(memory: number, into: Buffer, position: number, length: number): number {
  try {
    return readSync(memory, into, 0, length, position);
  } catch {
    return 0;
  }
}
