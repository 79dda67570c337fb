/** Which proxies may say who sent a request. */

import { isIP } from 'node:net';
import { compile } from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** What TRUST_PROXY must be, after "must be". */
export const TRUSTED_PROXIES =
  'addresses or networks of proxies such as 10.0.0.7 or 10.0.0.0/8 (for IPv4 at least /8, for IPv6 at least /7), separated by commas';

/** Bits of the shortest prefix: no private network is larger (RFC 1918 §3, RFC 4193 §3.1). */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 7 };

/**
 * Whether `text` is an address, or a network in CIDR notation, that may consist of proxies only. A number of hops is not
 * accepted: a client that adds addresses to X-Forwarded-For would choose which one counts as its own.
 */
export function isTrustedProxy(text: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // Stricter than ipaddr.js, which reads 010.0.0.1 and 0x7f.1 too.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  // ::ffff:0:0/96 would be all of IPv4 (RFC 4291 §2.5.5.2); an IPv4 address is written as one.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return false;
  if (prefix === undefined) return true;
  const longest = parsed.toByteArray().length * 8;
  return Number(prefix) >= SHORTEST_PREFIX[parsed.kind()] && Number(prefix) <= longest;
}

/**
 * Returns a function that says whether an address, such as that of a socket, is one of `proxies`. Each of them must be a
 * {@link isTrustedProxy trusted proxy}. Fastify decides `request.ip` and `request.protocol` by the same function.
 */
export function proxyCheck(proxies: readonly string[]): (address: string | undefined) => boolean {
  const isProxy = compile([...proxies]);
  return (address = '') => isProxy(address, 0);
}
