/**
 * Refuses addresses that the service must not be made to call: those of this machine, of its network and of the metadata
 * of a cloud. The addresses are checked that a connection is made to, so a name that resolves to another address the next
 * time changes nothing.
 */

import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Networks that are allowed although they are not public, such as `10.0.0.0/8`. */
  readonly networks: readonly string[];
  readonly isPublicAllowed: boolean;
}

/** Public by its number, but the virtual host of Azure in every network there. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);

export class RefusedAddressError extends Error {
  constructor() {
    super('the address is not public, and WEBHOOK_ALLOWED_NETWORKS does not have it');
    this.name = 'RefusedAddressError';
  }
}

export function isAllowedAddress(text: string, { networks, isPublicAllowed }: AddressRules): boolean {
  const address = ipaddr.process(text);
  if (networks.some((network) => isInside(address, network))) return true;
  return isPublicAllowed && isPublic(address);
}

/** In IPv6 only 2000::/3 is assigned (RFC 4291 §2.4): `::7f00:1` once was another form of 127.0.0.1. */
const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' &&
  !METADATA.has(address.toString()) &&
  (address.kind() === 'ipv4' || isInside(address, '2000::/3'));

type Address = ReturnType<typeof ipaddr.process>;

function isInside(address: Address, network: string): boolean {
  const [base, length] = ipaddr.parseCIDR(network);
  return address.kind() === base.kind() && address.match(base, length);
}

/** A host that is an address is not resolved. Throws RefusedAddressError. */
export function requireAllowedHost({ hostname }: URL, rules: AddressRules): void {
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowedAddress(host, rules)) throw new RefusedAddressError();
}

/** Resolves to allowed addresses only, for `http.request`. */
export const guardedLookup =
  (rules: AddressRules): LookupFunction =>
  (hostname: string, options: LookupOptions, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []).filter(({ address }) => isAllowedAddress(address, rules));
      const [first] = addresses;
      if (error !== null) callback(error, '');
      else if (first === undefined) callback(new RefusedAddressError(), '');
      else answer(options, addresses, first, callback);
    });
  };

function answer(
  { all }: LookupOptions,
  addresses: readonly LookupAddress[],
  first: LookupAddress,
  callback: Parameters<LookupFunction>[2],
): void {
  if (all === true) callback(null, [...addresses]);
  else callback(null, first.address, first.family);
}
