import { spawnSync } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

/** A Node.js of the machine's own, not one of the packages, whose version suits. */
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

/** `env -i`: tap loads modules of its own through NODE_OPTIONS, which an older Node.js may not know. */
const versionOf = (path: string): string =>
  spawnSync('/usr/bin/env', ['-i', path, '--version'], { encoding: 'utf8' }).stdout;
