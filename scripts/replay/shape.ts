/** Compares the members of two values and their types. Added members are not a difference. */

import { isObject } from './recording.ts';

/** Returns a line for each member that is missing or of another type. `at` is the path of the values. */
export function differences(recorded: unknown, answered: unknown, at = 'body'): readonly string[] {
  const [was, is] = [typeOf(recorded), typeOf(answered)];
  if (was !== is) return [`${at} was ${was}, is ${is}`];
  if (typeof recorded === 'string') return beginnings(recorded, String(answered), at);
  if (Array.isArray(recorded) && Array.isArray(answered)) {
    if (recorded.length === 0) return [];
    return answered.length === 0
      ? [`${at} was not empty, is empty`]
      : answered.flatMap((value, i) => differences(recorded[i] ?? recorded[0], value, `${at}[${i}]`));
  }
  if (!isObject(recorded) || !isObject(answered)) return [];
  return Object.entries(recorded).flatMap(([name, value]) =>
    differences(value, answered[name], `${at}.${name}`),
  );
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
}

function beginnings(recorded: string, answered: string, at: string): readonly string[] {
  if (!recorded.endsWith('…') || answered.startsWith(recorded.slice(0, -1))) return [];
  return [`${at} began with ${recorded.slice(0, -1)}, but no longer does`];
}
