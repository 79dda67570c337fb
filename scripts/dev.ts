/** `npm run dev`: starts the service, and restarts it when a file changes. */

import { join } from 'node:path';
import { readOptions } from './command-line.ts';

const USAGE = `npm run dev
  Starts the service, and restarts it when one of its files changes.
  Environment variables and .env configure it (docs/configuration.md).

Example:
  PORT=9000 npm run dev
`;

readOptions(USAGE, {});
const command = [process.execPath, '--watch', join(import.meta.dirname, '../bin/start.js')];
// In place of this process, so that signals reach it.
process.execve?.(process.execPath, command);
