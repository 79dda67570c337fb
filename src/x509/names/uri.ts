/**
 * URIs for uniformResourceIdentifier (RFC 5280 §4.2.1.6): absolute, in the characters of RFC 3986, and with a fully
 * qualified host if there is an authority.
 */

import { isIPv4, isIPv6 } from 'node:net';
import { PkiError } from '../../base/errors.ts';
import { parseHostName } from './dns-name.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import { quoted } from './printable-text.ts';
import { isSpiffeUri, parseSpiffeId } from './spiffe-id.ts';

/** RFC 3986 appendix B, with a scheme of §3.1. */
const PARTS = /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]*))?(.*)$/is;
/** Path, query and fragment (§3.3 to §3.5). */
const REST = /^(?:[\w\-.~!$&'()*+,;=:@/?]|%[\da-f]{2})*(?:#(?:[\w\-.~!$&'()*+,;=:@/?]|%[\da-f]{2})*)?$/i;
const USER_INFORMATION = /^(?:[\w\-.~!$&'()*+,;=:]|%[\da-f]{2})*$/i;
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/;
const MAX_PORT = 65535;

/**
 * Returns the URI with its scheme and host in lower case (RFC 5280 §7.4). A SPIFFE ID has rules of its own, because its
 * trust domain is not a host. Throws PkiError invalid-san.
 */
export function parseUri(text: string): string {
  if (isSpiffeUri(text)) return parseSpiffeId(text);
  const [, scheme = '', authority, rest = ''] = PARTS.exec(text) ?? [];
  if (scheme === '' || (authority === undefined && rest === '')) {
    throw invalid(text, 'must be absolute, such as https://www.example.com/');
  }
  if (!REST.test(rest)) {
    throw invalid(text, 'has characters that RFC 3986 does not allow there; write them as %HH');
  }
  const start = `${scheme.toLowerCase()}:`;
  return authority === undefined ? start + rest : `${start}//${parseAuthority(text, authority)}${rest}`;
}

/** authority = [ userinfo "@" ] host [ ":" port ] (RFC 3986 §3.2). */
function parseAuthority(text: string, authority: string): string {
  const hostStart = authority.lastIndexOf('@') + 1;
  const [, host, port] = HOST_AND_PORT.exec(authority.slice(hostStart)) ?? [];
  const isWellFormed = USER_INFORMATION.test(authority.slice(0, Math.max(0, hostStart - 1)));
  if (host === undefined || Number(port ?? 0) > MAX_PORT || !isWellFormed) {
    throw invalid(text, 'must have an authority of the form //host or //host:port');
  }
  return authority.slice(0, hostStart) + parseHost(text, host) + (port === undefined ? '' : `:${port}`);
}

function parseHost(text: string, host: string): string {
  const literal = host.slice(1, -1);
  if (host === `[${literal}]` && isIPv6(literal)) return `[${formatIpAddress(parseIpAddress(literal))}]`;
  if (isIPv4(host)) return host;
  // RFC 5280 §7.4: the caller must convert an IRI to a URI
  const name = /^\p{ASCII}+$/u.test(host) ? parseHostName(host) : '';
  if (name.includes('.')) return name;
  throw invalid(text, 'must have a fully qualified host in ASCII, such as www.example.com');
}

const invalid = (text: string, predicate: string): PkiError =>
  new PkiError('invalid-san', `The URI ${quoted(text)} ${predicate}`);
