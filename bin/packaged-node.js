/**
 * Finds a Node.js that is new enough for this service. Plain JavaScript, so that an older Node.js can run it.
 *
 * `npm ci` installs one as an optional dependency. npm 11 puts it on the PATH of `npm start`, npm 10 does not.
 */

import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As `engines` in package.json. */
const MINIMUM = [24, 12];

/** Whether this Node.js is new enough. */
export function isSuitableNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/**
 * Runs `node ARGS` with this Node.js if it is new enough, otherwise with the packaged one. Prints one line and sets exit
 * code 1 if there is none.
 *
 * @param {string[]} args
 */
export function runSuitableNode(args) {
  const node = isSuitableNode() ? process.execPath : findPackagedNode();
  if (node === undefined) fail(`this is ${process.versions.node}`);
  else runNode(node, args);
}

/** The path of the file, from bin/ and from dist/; undefined if the package is not installed. */
function findPackagedNode() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const path = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (!existsSync(path)) return undefined;
  const node = realpathSync(path);
  // A packaged Node.js that is too old must not start itself without end.
  return node === process.execPath ? undefined : node;
}

/** @param {string} reason */
function fail(reason) {
  console.error(
    `This service needs Node.js ${MINIMUM.join('.')} or newer, and ${reason}. ` +
      'Install a newer one, or on Linux run "npm ci" without "--omit=optional", which installs one.',
  );
  process.exitCode = 1;
}

const FORWARDED_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'];

/**
 * Runs `node ARGS` in place of this process: passes signals on, and ends with its exit code or signal.
 *
 * @param {string} node
 * @param {string[]} args
 */
function runNode(node, args) {
  const PATH = [dirname(node), process.env.PATH].join(delimiter);
  const child = spawn(node, [...process.execArgv, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH },
  });
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    for (const forwarded of FORWARDED_SIGNALS) process.off(forwarded, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}
