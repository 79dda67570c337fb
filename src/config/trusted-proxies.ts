/** TRUST_PROXY: the proxies whose forwarding header fields are trusted. */

import { BlockList, isIP } from 'node:net';

/** Completes the sentence "TRUST_PROXY must be". */
export const TRUSTED_PROXIES =
  'addresses or networks of proxies separated by commas, such as 10.0.0.7 or 10.0.0.0/8 (IPv4: at least /8, IPv6: at least /7)';

/** Prefix lengths in bits. The shortest is that of the largest private network (RFC 1918 §3, RFC 4193 §3.1). */
const PREFIXES = new Map([
  [4, { shortest: 8, longest: 32 }],
  [6, { shortest: 7, longest: 128 }],
]);

/**
 * Whether `text` is an address or a network in CIDR notation. A number of hops is rejected: a client that adds hops could
 * choose its own address.
 */
export function isTrustedProxy(text: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bounds = PREFIXES.get(isIP(address));
  // ::ffff:0:0/96 would be all of IPv4. An IPv4 address must have the IPv4 notation.
  if (bounds === undefined || isMapped(address)) return false;
  const length = Number(prefix ?? bounds.longest);
  return length >= bounds.shortest && length <= bounds.longest;
}

/** RFC 4291 §2.5.5.2, in any notation: the URL parser returns the canonical one. */
const isMapped = (address: string): boolean =>
  isIP(address) === 6 && new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');

/** Returns a function that tests whether an address is one of `proxies`, each valid by {@link isTrustedProxy}. */
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
