/** The `.env` file. */

import { parseEnv } from 'node:util';
import { ConfigError } from './error.ts';

/** Parses the text. Throws ConfigError for the first line that `parseEnv` of Node.js would ignore. */
export function readEnvText(path: string, text: string): NodeJS.Dict<string> {
  const ignored = findIgnoredLine(text.split('\n'));
  if (ignored !== undefined) throw new ConfigError(`Line ${ignored} of ${path}`, 'must be NAME=value');
  return parseEnv(text);
}

const EMPTY_OR_COMMENT = /^\s*(?:#|$)/;
const ASSIGNMENT = /^\s*(?:export\s+)?[^\s=#]+\s*=\s*(["'`]?)/;

/** The number of the line. A value in quotation marks may have several lines. */
function findIgnoredLine(lines: readonly string[]): number | undefined {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (EMPTY_OR_COMMENT.test(line)) continue;
    const [start, quote = ''] = ASSIGNMENT.exec(line) ?? [];
    if (start === undefined) return i + 1;
    if (quote === '' || line.includes(quote, start.length)) continue;
    const end = lines.findIndex((later, j) => j > i && later.includes(quote));
    // Without a closing quotation mark the value ends with its line.
    if (end !== -1) i = end;
  }
  return undefined;
}
