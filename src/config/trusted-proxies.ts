/** Which proxies may say whom a request comes from. */

import { BlockList, isIP } from 'node:net';

/** What TRUST_PROXY must be, after "must be". */
export const TRUSTED_PROXIES =
  'addresses or networks of proxies such as 10.0.0.7 or 10.0.0.0/8 (for IPv4 at least /8, for IPv6 at least /7), separated by commas';

/** Bits of an address, and of the shortest prefix: no private network is larger (RFC 1918 §3, RFC 4193 §3.1). */
const PREFIXES = new Map([
  [4, { shortest: 8, longest: 32 }],
  [6, { shortest: 7, longest: 128 }],
]);

/**
 * Whether `text` is an address or a network in CIDR notation that can be all proxies. A number of hops can not: whoever
 * sends more of them chooses the address that is taken for theirs.
 */
export function isTrustedProxy(text: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bounds = PREFIXES.get(isIP(address));
  // ::ffff:0:0/96 would be all of IPv4; an IPv4 address is written as one.
  if (bounds === undefined || isMapped(address)) return false;
  const length = Number(prefix ?? bounds.longest);
  return length >= bounds.shortest && length <= bounds.longest;
}

/** RFC 4291 §2.5.5.2, in any spelling: a URL has its canonical one. */
const isMapped = (address: string): boolean =>
  isIP(address) === 6 && new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');

/** Whether an address, such as that of a socket, is one of `proxies`, which {@link isTrustedProxy} holds for. */
export function proxyCheck(proxies: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = familyOf(address);
    list.addSubnet(address, Number(prefix ?? PREFIXES.get(isIP(address))?.longest), family);
  }
  return (address = '') => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
