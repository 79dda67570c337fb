/** The names of published CRLs: a CRL for each authority key, or several, each for a part of its certificates. */

import type { Authority, CrlPlace } from '../../storage/ports.ts';

/** `<key id>`, or `<key id>-<number of the part>`. */
const NAME = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:-(\d{1,4}))?$/;

/** Returns the name of a CRL, the last segment of its URL without the extension. */
export const crlName = ({ authorityKeyId, scope }: CrlPlace): string =>
  scope === '' ? authorityKeyId : `${authorityKeyId}-${scope}`;

/** Returns undefined for a text that is not the name of a CRL. */
export function parseCrlName(text: string): CrlPlace | undefined {
  const [, authorityKeyId, scope = ''] = NAME.exec(text) ?? [];
  return authorityKeyId === undefined ? undefined : { authorityKeyId, scope };
}

/** The most parts of the CRL of one key. */
export const MAX_SHARDS = 1000;

/** How the CRL of an authority is divided. It is decided when the authority is created, and never changes. */
export interface Sharding {
  /** The number of parts. Each certificate belongs to one of them. */
  readonly count: number;
  /** The beginning of the URLs in its certificates, which the issuingDistributionPoint repeats (RFC 5280 §5.2.5). */
  readonly url: string;
}

/** Undefined for one CRL for all certificates of a key. */
export function shardingOf({ settings }: Pick<Authority, 'settings'>): Sharding | undefined {
  const { crl } = settings;
  if (typeof crl !== 'object' || crl === null || !('shards' in crl) || !('url' in crl)) return undefined;
  const { shards, url } = crl;
  if (typeof shards !== 'number' || shards < 2 || typeof url !== 'string') return undefined;
  return { count: shards, url };
}

/** The scopes of the CRLs of each key of an authority. */
export function scopesOf(sharding: Sharding | undefined): readonly string[] {
  if (sharding === undefined) return [''];
  return Array.from({ length: sharding.count }, (_, shard) => String(shard));
}

/** The scope of the CRL that lists the serial number. */
export function scopeOf(sharding: Sharding | undefined, serial: Uint8Array): string {
  if (sharding === undefined) return '';
  // The last octets are random in every serial number.
  const [a = 0, b = 0] = serial.subarray(-2);
  return String((a * 256 + b) % sharding.count);
}

export const crlUrl = (base: string, place: CrlPlace): string => `${base}/crl/${crlName(place)}.crl`;
