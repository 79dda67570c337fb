/** The bases of name constraints as text, such as `DNS:example.com` or `IP:192.0.2.0/24` (RFC 5280 §4.2.1.10). */

import { PkiError } from '../../base/errors.ts';
import type { WritableSubtree } from '../extensions/name-constraints-writer.ts';
import { canonicalName } from './comparison.ts';
import { parseHostName } from './dns-name.ts';
import { parseIpAddress } from './ip-address.ts';
import { parseDistinguishedName } from './name-text.ts';
import { printabilityError, quoted } from './printable-text.ts';
import { withoutKey } from './without-key.ts';

const PARSERS: ReadonlyMap<string, (text: string) => WritableSubtree> = new Map<
  string,
  (text: string) => WritableSubtree
>([
  ['dns', parseDomain],
  ['ip', parseNetwork],
  ['email', (text) => parseHost('email', text)],
  ['uri', (text) => parseHost('URI', text)],
  ['dirname', parseDirectoryName],
]);

/** Throws PkiError invalid-extension. */
export const parseSubtree = (text: string): WritableSubtree =>
  withoutKey(text, 'a name constraint', () => parsePrefixed(text));

function parsePrefixed(text: string): WritableSubtree {
  const fault = printabilityError(text);
  if (fault !== undefined) throw invalid(`The name constraint ${quoted(text)} ${fault}`);
  const colon = text.indexOf(':');
  const parse = PARSERS.get(text.slice(0, Math.max(0, colon)).toLowerCase());
  if (parse === undefined)
    throw invalid(
      `The name constraint ${quoted(text)} must begin with DNS:, IP:, email:, URI: or dirName:, as in DNS:example.com`,
    );
  return parse(text.slice(colon + 1));
}

/** A domain and every name below it. The empty domain contains every name. */
function parseDomain(text: string): WritableSubtree {
  if (text === '') return textSubtree('DNS', '');
  if (/^(?:\*?\.)/.test(text))
    throw invalid(
      `The DNS constraint ${quoted(text)} must not begin with a dot or a wildcard: ${quoted(text.replace(/^\*?\./, ''))} ` +
        'includes the names below it',
    );
  return textSubtree(
    'DNS',
    asConstraint(() => parseHostName(text)),
  );
}

/** The host of a mailbox or URI; with a dot before it, the hosts below that domain, but not the domain itself. */
function parseHost(kind: 'email' | 'URI', text: string): WritableSubtree {
  // RFC 9549 §2.2: a constraint for mail is a host or a domain
  if (text.includes('@') || text.includes('/'))
    throw invalid(
      `The ${kind} constraint ${quoted(text)} must be a host or a domain, as in ${kind}:example.com or ${kind}:.example.com`,
    );
  const dot = text.startsWith('.') ? '.' : '';
  return textSubtree(kind, dot + asConstraint(() => parseHostName(text.slice(dot.length))));
}

/** The parser of host names returns lower case. */
const textSubtree = (kind: 'DNS' | 'email' | 'URI', value: string): WritableSubtree => ({
  kind,
  value,
  lowerCase: value,
});

/** `address/prefix` or `address/mask`, without bits of the address beyond the mask. */
function parseNetwork(text: string): WritableSubtree {
  const slash = text.lastIndexOf('/');
  const address = asConstraint(() => parseIpAddress(slash < 0 ? text : text.slice(0, slash)));
  if (slash < 0)
    throw invalid(
      `The IP constraint ${quoted(text)} must be a network; for one address write IP:${text}/${address.length * 8}`,
    );
  const mask = parseMask(text, text.slice(slash + 1), address.length);
  if (address.some((octet, index) => (octet & ~(mask[index] ?? 0)) !== 0))
    throw invalid(`The IP constraint ${quoted(text)} must have no bits of the address beyond the mask`);
  return { kind: 'IP', address, mask };
}

function parseMask(network: string, text: string, length: number): Uint8Array {
  if (/^\d{1,3}$/.test(text) && Number(text) <= length * 8) return maskOf(Number(text), length);
  const octets =
    text.includes('.') || text.includes(':') ? asConstraint(() => parseIpAddress(text)) : undefined;
  const ones = octets?.reduce((count, octet) => count + bitCount(octet), 0) ?? 0;
  if (octets !== undefined && Buffer.compare(octets, maskOf(ones, length)) === 0) return octets;
  throw invalid(
    `The IP constraint ${quoted(network)} must end with a prefix length from 0 to ${length * 8}, as in IP:192.0.2.0/24`,
  );
}

const maskOf = (ones: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => 0xff & ~(0xff >> Math.min(8, Math.max(0, ones - 8 * index))));

const bitCount = (octet: number): number => octet.toString(2).replaceAll('0', '').length;

function parseDirectoryName(text: string): WritableSubtree {
  const name = asConstraint(() => parseDistinguishedName(text));
  if (name.length === 0)
    throw invalid('A dirName constraint must have at least one attribute, as in dirName:/O=Example Org');
  const canonical = canonicalName(name);
  if (canonical !== undefined) return { kind: 'dirName', name, canonical };
  throw invalid('A dirName constraint must not be too long to be compared');
}

/** The sentences of the parsers of names are true of constraints too. */
function asConstraint<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof PkiError ? invalid(error.message) : error;
  }
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-extension', sentence);
