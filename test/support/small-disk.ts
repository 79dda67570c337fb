/** A small disk that a test can fill. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findProgram, programPath } from '../../scripts/find-program.ts';

export const mountMissing =
  (process.getuid?.() !== 0 || findProgram('mount') === undefined) && 'only root can mount a small disk';

export interface SmallDisk {
  readonly folder: string;
  /** Fills the disk. Only the last pages of existing files have room. */
  readonly fill: () => void;
  readonly clear: () => void;
  /** Read-only or writable. No file on it may be open for writing. */
  readonly remount: (mode: 'ro' | 'rw') => void;
}

const SIZE = 1_048_576;
const PAGE = 4096;

/** One megabyte, until `t` ends. */
export function mountSmallDisk(t: Test): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  execFileSync(programPath('mount'), ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]);
  t.teardown(() => {
    execFileSync(programPath('umount'), ['--lazy', folder]);
    rmdirSync(folder);
  });
  const filler = join(folder, 'other');
  return {
    folder,
    fill() {
      for (let size = SIZE; size > 0; size -= PAGE) {
        try {
          writeFileSync(filler, Buffer.alloc(PAGE), { flag: 'a' });
        } catch {
          return;
        }
      }
    },
    clear: () => rmSync(filler),
    remount: (mode) => void execFileSync(programPath('mount'), ['-o', `remount,${mode}`, folder]),
  };
}
