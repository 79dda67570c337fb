/** Searches the memory of another process of the same user (Linux). */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Number of bytes in one read. */
const WINDOW = 16_777_216;

interface Region {
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly needle: Buffer;
  readonly offset: number;
}

/** Two octets of a needle, as a number, to where they are in it. */
type Index = readonly (readonly Place[] | undefined)[];

/** Returns those of `needles` that are in the memory of the process. Each must have at least two bytes. */
export function findInMemory(pid: number, needles: readonly Buffer[]): ReadonlySet<Buffer> {
  const found = new Set<Buffer>();
  const lengths = needles.map(({ length }) => length);
  const longest = Math.max(...lengths);
  const stride = Math.min(...lengths) - 1;
  const index = indexOf(needles, stride);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const window = Buffer.alloc(WINDOW);
  try {
    for (const { start, end } of usedRegions(pid)) {
      for (let at = start; at < end; at += WINDOW - longest) {
        const length = readAt(memory, window, at, Math.min(WINDOW, end - at));
        findIn(window.subarray(0, length), stride, index, found);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function indexOf(needles: readonly Buffer[], stride: number): Index {
  const index: (Place[] | undefined)[] = Array(65_536).fill(undefined);
  for (const needle of needles)
    for (let offset = 0; offset < stride; offset++)
      (index[needle.readUInt16BE(offset)] ??= []).push({ needle, offset });
  return index;
}

/** One pass for all needles, because there may be hundreds. Each `stride` octets two octets of a needle must be. */
function findIn(part: Buffer, stride: number, index: Index, found: Set<Buffer>): void {
  for (let i = 0; i + 1 < part.length; i += stride) {
    const places = index[((part[i] ?? 0) << 8) | (part[i + 1] ?? 0)];
    if (places === undefined) continue;
    for (const { needle, offset } of places) if (isAt(part, i - offset, needle)) found.add(needle);
  }
}

function isAt(part: Buffer, start: number, needle: Buffer): boolean {
  for (let i = 0; i < needle.length; i++) if (part[start + i] !== needle[i]) return false;
  return true;
}

/** Returns the pages that the process has written. Most of the reserved pages were never used. */
function usedRegions(pid: number): readonly Region[] {
  const pages = openSync(`/proc/${pid}/pagemap`, 'r');
  const [, kilobytes] = /^KernelPageSize: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'utf8')) ?? [];
  const page = Number(kilobytes) * 1024;
  try {
    return writableRegions(pid).flatMap((region) => usedParts(pages, page, region));
  } finally {
    closeSync(pages);
  }
}

/** Bits 62 and 63 of the entry of a page: the page is in swap, the page is in memory (proc_pid_pagemap(5)). */
const USED = 0b1100_0000;

function usedParts(pages: number, page: number, { start, end }: Region): readonly Region[] {
  const entries = Buffer.alloc(((end - start) / page) * 8);
  readAt(pages, entries, (start / page) * 8, entries.length);
  const parts: { start: number; end: number }[] = [];
  for (let at = start; at < end; at += page) {
    if (((entries[((at - start) / page) * 8 + 7] ?? 0) & USED) === 0) continue;
    const last = parts.at(-1);
    if (last?.end === at) last.end += page;
    else parts.push({ start: at, end: at + page });
  }
  return parts;
}

function writableRegions(pid: number): readonly Region[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .map((line) => /^([\da-f]+)-([\da-f]+) rw/.exec(line))
    .filter((match) => match !== null)
    .map(([, start = '', end = '']) => ({ start: parseInt(start, 16), end: parseInt(end, 16) }));
}

/** Returns how many bytes could be read. A region may have been removed, or may not be readable. */
function readAt(memory: number, into: Buffer, position: number, length: number): number {
  try {
    return readSync(memory, into, 0, length, position);
  } catch {
    return 0;
  }
}
