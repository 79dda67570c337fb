/** Whether a name is within a subtree of name constraints (RFC 5280 §4.2.1.10). */

import type { Subtree, TextSubtree } from '../extensions/name-constraints.ts';
import { canonicalName, isWithinName, type CanonicalName } from '../names/comparison.ts';
import type { GeneralName } from '../names/general-name-encoding.ts';

/** Returns undefined when it is unknown whether the name is within the subtree. */
export type Matcher = (subtree: Subtree) => boolean | undefined;

export function matcherOf(name: GeneralName): Matcher {
  switch (name.kind) {
    case 'DNS':
      return domainMatcher(name.value.toLowerCase());
    case 'email':
      return mailMatcher(name.value);
    case 'URI':
      return uriMatcher(hostOf(name.value));
    case 'IP':
      return (base) => (base.kind === 'IP' ? isWithinNetwork(name.octets, base) : undefined);
    case 'dirName':
      return nameMatcher(canonicalName(name.name));
    case 'RID':
    case 'otherName':
      return () => undefined;
  }
}

/** A name without a canonical form cannot be matched. */
const nameMatcher =
  (name: CanonicalName | undefined): Matcher =>
  (base) =>
    base.kind === 'dirName' && name !== undefined ? isWithinName(name, base.canonical) : undefined;

/** A URI without a host name matches no constraint. */
const uriMatcher =
  (host: string | undefined): Matcher =>
  (base) =>
    base.kind === 'URI' && host !== undefined ? isWithinHost(host, base.lowerCase) : undefined;

/** A name or base that is not a domain name, such as one with a dot at its end, has no text that can be compared. */
const DOMAIN = /^[\w*-]+(?:\.[\w*-]+)*$/;
const DOMAIN_BASE = /^(?:\.?[\w-]+(?:\.[\w-]+)*)?$/;

function domainMatcher(host: string): Matcher {
  const isComparable = DOMAIN.test(host);
  return (base) =>
    base.kind === 'DNS' && isComparable && isComparableBase(base)
      ? isWithinDomain(host, base.lowerCase)
      : undefined;
}

const comparableBases = new WeakMap<TextSubtree, boolean>();

/** Each base is checked once: it can have 60,000 characters, and is compared with as many names. */
function isComparableBase(base: TextSubtree): boolean {
  const isComparable = comparableBases.get(base) ?? DOMAIN_BASE.test(base.lowerCase);
  comparableBases.set(base, isComparable);
  return isComparable;
}

/** Any number of labels can be added on the left; a leading dot requires at least one. */
function isWithinDomain(host: string, domain: string): boolean {
  if (domain === '' || host === domain) return true;
  if (!host.endsWith(domain)) return false;
  return domain.startsWith('.') || host.charAt(host.length - domain.length - 1) === '.';
}

/**
 * A base `host` matches only that host, `.domain` matches the hosts below it but not the domain. An empty base is
 * ambiguous, every host to some programs and no host to others, so the result is undefined.
 */
function isWithinHost(host: string, base: string): boolean | undefined {
  if (base === '') return undefined;
  return base.startsWith('.') ? host.endsWith(base) : host === base;
}

/** The local part of a mailbox is compared with its case, the host without. */
function mailMatcher(mailbox: string): Matcher {
  const at = mailbox.lastIndexOf('@');
  const localPart = mailbox.slice(0, Math.max(at, 0));
  const host = mailbox.slice(at + 1).toLowerCase();
  // RFC 9598 §3: A-labels
  const isComparable = HOST_NAME.test(host);
  return (base) => {
    if (base.kind !== 'email' || !isComparable) return undefined;
    const baseAt = base.value.lastIndexOf('@');
    if (baseAt >= 0 && base.value.slice(0, baseAt) !== localPart) return false;
    return isWithinHost(host, base.lowerCase.slice(baseAt + 1));
  };
}

/** scheme "://" [ userinfo "@" ] host [ ":" port ] (RFC 3986 §3) */
const AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;
const USER_INFO = /^[\w.~!$&'()*+,;=:%-]*$/;
const PORT = /:\d*$/;
const HOST_NAME = /^[\w-]+(?:\.[\w-]+)*$/;
const IP_ADDRESS = /^[\d.]+$/;

/**
 * Returns the host name in lower case; undefined if there is none. A host that is written in another way, such as with
 * percent signs or a dot at its end, has no text that can be compared.
 */
function hostOf(uri: string): string | undefined {
  const authority = AUTHORITY.exec(uri)?.[1] ?? '';
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1).replace(PORT, '');
  const isName = HOST_NAME.test(host) && !IP_ADDRESS.test(host);
  return isName && USER_INFO.test(authority.slice(0, Math.max(at, 0))) ? host.toLowerCase() : undefined;
}

function isWithinNetwork(octets: Uint8Array, { address, mask }: Extract<Subtree, { kind: 'IP' }>): boolean {
  return (
    octets.length === address.length &&
    octets.every((octet, index) => ((octet ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0)
  );
}
