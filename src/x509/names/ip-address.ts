/** IPv4 and IPv6 addresses as the octets of iPAddress (RFC 5280 §4.2.1.6). */

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PkiError } from '../../base/errors.ts';
import { quoted } from './printable-text.ts';

type Fault = readonly [isPresent: (text: string) => boolean, predicate: string];

const FAULTS: readonly Fault[] = [
  [(text) => text.includes('/'), 'is a network; a certificate contains single addresses, such as 192.0.2.1'],
  [(text) => text.includes('%'), 'must not have a zone, which has a meaning only on one host'],
  [(text) => isIP(text) === 0, 'must be four decimal numbers from 0 to 255 without leading zeros, or IPv6'],
];

/** Returns 4 or 16 octets. Throws PkiError invalid-san. */
export function parseIpAddress(text: string): Uint8Array {
  const fault = FAULTS.find(([isPresent]) => isPresent(text))?.[1];
  if (fault !== undefined) throw new PkiError('invalid-san', `The IP address ${quoted(text)} ${fault}`);
  const octets = Uint8Array.from(ipaddr.parse(text).toByteArray());
  checkIpAddress(octets);
  return octets;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
const IPV4_MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/**
 * Throws PkiError invalid-san unless `octets` are an address of 4 or 16 octets. IPv4-mapped addresses are rejected: a
 * client compares the peer of an IPv4 connection with 4 octets (RFC 9525 §6.4), so such a name would never match.
 */
export function checkIpAddress(octets: Uint8Array): void {
  if (octets.length !== 4 && octets.length !== 16) {
    throw new PkiError('invalid-san', `An iPAddress must have 4 or 16 octets, not ${octets.length}`);
  }
  if (octets.length === 4 || Buffer.compare(octets.subarray(0, 12), IPV4_MAPPED) !== 0) return;
  const ipv4 = octets.subarray(12).join('.');
  throw new PkiError(
    'invalid-san',
    `The IP address "::ffff:${ipv4}" is an IPv4-mapped address; write IP:${ipv4}`,
  );
}

/** Formats IPv6 as in RFC 5952; octets of another length as hexadecimal. */
export function formatIpAddress(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return Buffer.from(octets).toString('hex');
  return new ipaddr.IPv6([...octets]).toRFC5952String();
}
