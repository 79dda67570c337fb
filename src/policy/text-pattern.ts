/** Patterns for mailboxes, URIs, callers and values of attributes. None of them is a regular expression. */

import { PkiError } from '../base/errors.ts';
import { quoted } from '../x509/names/printable-text.ts';
import { matchesDnsName, parseDnsPattern, type DnsPattern } from './dns-pattern.ts';

/** Whether a text matches. */
export type TextPattern = (text: string) => boolean;

/** `user@example.com`, or `*@` and a DNS pattern. The local part is compared with its case (RFC 5321 §2.4). */
export function mailboxPattern(text: string): TextPattern {
  const at = text.lastIndexOf('@');
  if (at < 1)
    throw invalid(`The pattern ${quoted(text)} must have the form *@example.com or user@example.com`);
  const local = text.slice(0, at);
  const host = parseDnsPattern(text.slice(at + 1));
  return (mailbox) => {
    const end = mailbox.lastIndexOf('@');
    if (end < 1 || !matchesDnsName(host, mailbox.slice(end + 1))) return false;
    return local === '*' || local === mailbox.slice(0, end);
  };
}

/**
 * A URI; or scheme, `://`, a DNS pattern, and a path in which `*` stands for one segment, and a last `**` for one or more.
 * A URI without `//` matches only itself. Throws PkiError for a pattern that can match nothing.
 */
export function uriPattern(text: string): TextPattern {
  if (!SCHEME.test(text))
    throw invalid(`The pattern ${quoted(text)} must begin with a scheme, such as https:`);
  if (!text.includes('*')) return (uri) => uri === text;
  const parts = partsOf(text);
  if (parts === undefined || !areWholeStars(parts.path))
    throw invalid(
      `The pattern ${quoted(text)} must have * only as a whole segment after the host, and ** only as the last one`,
    );
  const host = hostPattern(parts.host);
  const path = parts.path;
  return (uri) => {
    const given = partsOf(uri);
    return (
      given !== undefined &&
      given.scheme === parts.scheme &&
      host(given.host) &&
      matchesPath(path, given.path)
    );
  };
}

/** RFC 3986 §3.1, before something. */
const SCHEME = /^[a-z][a-z\d+.-]*:./i;

/** A star in a longer segment would stand for itself only: to deny such a URI would deny nothing. */
const areWholeStars = (path: readonly string[]): boolean =>
  path.every(
    (segment, index) =>
      !segment.includes('*') || segment === '*' || (segment === '**' && index === path.length - 1),
  );

interface UriParts {
  /** In lower case. */
  readonly scheme: string;
  /** The whole authority, which ends where RFC 3986 §3.2 says. */
  readonly host: string;
  /** Segments, the last one with query and fragment. */
  readonly path: readonly string[];
}

function partsOf(uri: string): UriParts | undefined {
  const [whole, scheme = '', host = '', path = ''] =
    /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)(.*)$/is.exec(uri) ?? [];
  return whole === undefined
    ? undefined
    : { scheme: scheme.toLowerCase(), host, path: path.split('/').slice(1) };
}

/** An authority with a user or a port matches only itself. */
function hostPattern(text: string): TextPattern {
  if (!text.includes('*')) return (host) => host.toLowerCase() === text.toLowerCase();
  const pattern: DnsPattern = parseDnsPattern(text);
  return (host) => !/[@:]/.test(host) && matchesDnsName(pattern, host);
}

/** RFC 3986 §5.2.4: such a segment is removed, with the one before it. */
const DOTS = /^(?:\.|%2e){1,2}(?:[?#]|$)/i;

function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**';
  if (isOpen ? path.length < pattern.length : path.length !== pattern.length) return false;
  if (path.some((segment) => DOTS.test(segment))) return false;
  return path.every((segment, index) => {
    const expected = pattern[Math.min(index, pattern.length - 1)];
    return expected === '*' || expected === '**' ? segment !== '' : segment === expected;
  });
}

/** How the id of a principal begins. `anonymous` is the whole id. */
const PRINCIPAL = /^(?:\*|(?:key|token|certificate):|anonymous$)/;

/** {@link starPattern} for ids of principals. Throws PkiError for a text that matches no id. */
export function callerPattern(text: string): TextPattern {
  if (PRINCIPAL.test(text)) return starPattern(text);
  throw invalid(
    `The caller ${quoted(text)} must be anonymous, or begin with key:, token: or certificate:, as in key:1a2b3c4d`,
  );
}

/** `*` stands for any number of characters. */
export function starPattern(text: string): TextPattern {
  const [first = '', ...rest] = text.split('*');
  const last = rest.pop();
  if (last === undefined) return (given) => given === text;
  return (given) => {
    if (!given.startsWith(first) || !given.endsWith(last)) return false;
    let position = first.length;
    for (const part of rest) {
      const found = given.indexOf(part, position);
      if (found < 0) return false;
      position = found + part.length;
    }
    return position <= given.length - last.length;
  };
}

/** A value of an attribute; or a DNS pattern that begins with a star. */
export function valuePattern(text: string): TextPattern {
  if (!text.startsWith('*')) return (value) => value === text;
  const pattern = parseDnsPattern(text);
  return (value) => matchesDnsName(pattern, value);
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-profile-document', sentence);
