/** Checks the host of an HTTP/2 request. nghttp2 accepts forms that a proxy may interpret differently (RFC 9113 §8.3.1). */

import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../errors/problem.ts';

export function authorityFault({ ':authority': authority, host }: IncomingHttpHeaders): Problem | undefined {
  if (authority === undefined || host === undefined) return undefined;
  if (normal(String(authority)) === normal(host)) return undefined;
  return { code: 'invalid-message', detail: 'The Host header field differs from :authority' };
}

/** RFC 3986 §6.2.2.1 and §6.2.3. */
const normal = (authority: string): string => authority.toLowerCase().replace(/:(?:443)?$/, '');
