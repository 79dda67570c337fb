/** Converts the text of a variable to the value that the schema validates. */

import { availableParallelism } from 'node:os';
import { schemaOf, type VariableName } from './schema.ts';

/** Undefined if the text is not of the type of the variable. */
export function readValue(variable: VariableName, text: string): unknown {
  if (variable === 'LOG_LEVEL') return readLogLevel(text.toLowerCase());
  if (variable === 'WEB_CONCURRENCY' && text.toLowerCase() === 'auto') return processors();
  switch (schemaOf(variable).type) {
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase());
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'number':
      return /^\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
    case 'array':
      return readList(text);
    default:
      return text;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
]);

/** The processors that this process may use, at most the maximum of WEB_CONCURRENCY. */
const processors = (): number => Math.min(availableParallelism(), 64);

/** Accepts the names of Python's logging too, two of which differ from pino's. */
const readLogLevel = (level: string): string => ({ warning: 'warn', critical: 'fatal' })[level] ?? level;

function readList(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return [...new Set(entries)].filter((entry) => entry !== '');
}
