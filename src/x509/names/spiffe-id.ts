/** SPIFFE IDs: URIs that name a workload, or a trust domain (SPIFFE-ID §2). */

import { PkiError } from '../../base/errors.ts';
import { quoted } from './printable-text.ts';

const SCHEME = 'spiffe://';
/** SPIFFE-ID §2.3: in octets. */
const MAX_LENGTH = 2048;
/** SPIFFE-ID §2.1: in octets. */
const MAX_TRUST_DOMAIN = 255;
const TRUST_DOMAIN = /^[a-z\d._-]+$/;
const SEGMENT = /^[A-Za-z\d._-]+$/;

export const isSpiffeUri = (uri: string): boolean => uri.toLowerCase().startsWith(SCHEME);

/** Returns the ID with its scheme and trust domain in lower case. Throws PkiError invalid-san. */
export function parseSpiffeId(text: string): string {
  const [authority = '', ...path] = text.slice(SCHEME.length).split('/');
  const id = SCHEME + [authority.toLowerCase(), ...path].join('/');
  const fault = idFault(id);
  if (fault !== undefined) throw new PkiError('invalid-san', `The SPIFFE ID ${quoted(text)} ${fault}`);
  return id;
}

/** Returns what is wrong with a SPIFFE ID of a workload, as the rest of a sentence; undefined if nothing is. */
export function spiffeIdFault(uri: string): string | undefined {
  if (!isSpiffeUri(uri)) return 'must begin with spiffe://';
  // X509-SVID §2: the ID of a workload has a path; the trust domain alone stands for a signing authority
  const hasPath = uri.slice(SCHEME.length).includes('/');
  return (
    idFault(uri) ??
    (hasPath ? undefined : 'must have a path after the trust domain, as in spiffe://example.org/service')
  );
}

function idFault(uri: string): string | undefined {
  if (uri.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  const [trustDomain = '', ...path] = uri.slice(SCHEME.length).split('/');
  if (!TRUST_DOMAIN.test(trustDomain) || trustDomain.length > MAX_TRUST_DOMAIN)
    return 'must have a trust domain of small letters, digits, dots, hyphens and underscores, without a port';
  if (path.some((segment) => !SEGMENT.test(segment) || segment === '.' || segment === '..'))
    return 'must have a path of letters, digits, dots, hyphens and underscores, without empty or dot segments';
  return undefined;
}
