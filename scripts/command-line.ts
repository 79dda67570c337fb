/** The command line of a script: `--help` prints its usage, and mistakes end it with exit code 2. */

import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** By sysexits.h and most commands: the arguments are wrong, nothing was done. */
const EXIT_USAGE = 2;

/**
 * Parses the arguments of this process. With `--help` it prints `usage` and ends the process with exit code 0. With
 * unknown options, or arguments where there are none, it prints the mistake and `usage`, and ends it with exit code 2.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
  allowPositionals = false,
) {
  const help = { type: 'boolean' } as const;
  const parsed = orExit(usage, () => parseArgs({ options: { ...options, help }, allowPositionals }));
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return parsed;
}

/** What Node.js adds to "Unknown option". */
const NODE_HINT = /\. To specify a positional .*/;

/** Returns the result of `read`. If it throws, prints the message and `usage`, and ends the process with exit code 2. */
export function orExit<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message.replace(NODE_HINT, '')}\n\n${usage}`);
    process.exit(EXIT_USAGE);
  }
}
