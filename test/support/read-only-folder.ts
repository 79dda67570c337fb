/** A folder that becomes read-only for a process that has files in it open for writing. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { compilerOfC } from './services.ts';

const SOURCE = join(import.meta.dirname, 'read-only.c');

export interface ReadOnlyFolder {
  readonly path: string;
  /** Variables of the processes that cannot write while it is read-only. */
  readonly env: Readonly<Record<string, string>>;
  readonly set: (mode: 'ro' | 'rw') => void;
}

/** Removed when `t` ends. */
export function readOnlyFolder(t: Test): ReadOnlyFolder {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'read-only-')));
  t.teardown(() => rmSync(place, { recursive: true, maxRetries: 5 }));
  const [library, path, flag] = [join(place, 'read-only.so'), join(place, 'data'), join(place, 'flag')];
  execFileSync(compilerOfC ?? '', ['-shared', '-fPIC', '-Wall', '-Werror', '-o', library, SOURCE, '-ldl']);
  return {
    path,
    env: { LD_PRELOAD: library, READ_ONLY_FOLDER: path, READ_ONLY_FLAG: flag },
    set: (mode) => (mode === 'ro' ? writeFileSync(flag, '') : rmSync(flag)),
  };
}
