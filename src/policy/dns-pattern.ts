/**
 * Patterns for DNS names: a name itself, `*.example.com` for the names with one label more, `**.example.com` for those
 * with one or more labels more.
 */

import { parseHostName } from '../x509/names/dns-name.ts';

export interface DnsPattern {
  readonly text: string;
  readonly depth: 'same' | 'one' | 'any';
  /** In lower case, without the stars. */
  readonly base: string;
}

/** Throws PkiError invalid-san. */
export function parseDnsPattern(text: string): DnsPattern {
  const [, stars, base = ''] = /^(?:(\*\*?)\.)?(.*)$/s.exec(text) ?? [];
  const depth = stars === undefined ? 'same' : stars === '*' ? 'one' : 'any';
  return { text, depth, base: parseHostName(base) };
}

/** Whether the pattern contains `name`, in any case. A wildcard name is contained when all names that it stands for are. */
export function matchesDnsName({ depth, base }: DnsPattern, name: string): boolean {
  const lower = name.toLowerCase();
  if (depth === 'same') return lower === base;
  if (!lower.endsWith(`.${base}`)) return false;
  const above = lower.slice(0, -base.length - 1);
  return above !== '' && (depth === 'any' || !above.includes('.'));
}

/** Whether the pattern contains `name` or, for a wildcard, one of the names that it stands for. */
export function touchesDnsName(pattern: DnsPattern, name: string): boolean {
  if (matchesDnsName(pattern, name)) return true;
  if (pattern.depth !== 'same' || !name.startsWith('*.')) return false;
  const [first, ...rest] = pattern.base.split('.');
  return first !== undefined && rest.join('.') === name.slice(2).toLowerCase();
}
