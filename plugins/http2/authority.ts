/** Whom a request of HTTP/2 is for: what nghttp2 lets through and a proxy may read otherwise (RFC 9113 §8.3.1). */

import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../errors/problem.ts';

export function authorityFault({ ':authority': authority, host }: IncomingHttpHeaders): Problem | undefined {
  if (authority === undefined || host === undefined) return undefined;
  if (normal(String(authority)) === normal(host)) return undefined;
  return { code: 'invalid-message', detail: 'A request names one host: Host differs from :authority' };
}

/** RFC 3986 §6.2.2.1 and §6.2.3. */
const normal = (authority: string): string => authority.toLowerCase().replace(/:(?:443)?$/, '');
