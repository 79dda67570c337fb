import { spawnSync } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

/** Finds a Node.js of the machine, not of the packages, with a suitable version. */
export function findNode(suits: (major: number, minor: number) => boolean): string | undefined {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  return folders
    .map((folder) => resolve(folder, 'node'))
    .find((path) => {
      const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(versionOf(path)) ?? [];
      return major !== undefined && suits(Number(major), Number(minor));
    });
}

/**
 * `env -i` is necessary because tap loads its modules through NODE_OPTIONS, with options that an older Node.js may not
 * support.
 */
const versionOf = (path: string): string =>
  spawnSync('/usr/bin/env', ['-i', path, '--version'], { encoding: 'utf8' }).stdout;
