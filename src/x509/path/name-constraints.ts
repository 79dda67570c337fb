/**
 * The names that a CA may certify (RFC 5280 §4.2.1.10). Permitted subtrees limit only names of their own kind; excluded
 * subtrees take precedence.
 */

import { PkiError } from '../../base/errors.ts';
import type { NameConstraints, Subtree } from '../extensions/name-constraints.ts';
import type { DistinguishedName } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { canonicalName, isWithinName, type CanonicalName } from '../names/comparison.ts';

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const COMMON_NAME = '2.5.4.3';

/** Throws PkiError name-constraints-violated for the first name outside `constraints`. */
export function checkNameConstraints(
  { permitted, excluded }: NameConstraints,
  subject: DistinguishedName,
  san: readonly GeneralName[],
): void {
  for (const name of [...subjectNames(subject), ...hostNames(subject, san), ...san]) {
    const isWithin = matcherOf(name);
    if (!isPermitted(name, permitted, isWithin) || isExcluded(name, excluded, isWithin)) {
      throw violation(name);
    }
  }
}

/** Returns undefined when it is unknown whether the name is within the subtree. */
type Matcher = (subtree: Subtree) => boolean | undefined;

function isPermitted({ kind }: GeneralName, subtrees: readonly Subtree[], isWithin: Matcher): boolean {
  const ofKind = subtrees.filter((subtree) => subtree.kind === kind);
  return ofKind.length === 0 || ofKind.some((subtree) => isWithin(subtree) === true);
}

/** A name that cannot be matched counts as excluded (RFC 5280 §4.2.1.10: a URI without a host name is rejected). */
function isExcluded(name: GeneralName, subtrees: readonly Subtree[], isWithin: Matcher): boolean {
  const ofKind = subtrees.filter(({ kind }) => kind === name.kind);
  return ofKind.some((subtree) => isWithin(subtree) !== false || coversExcludedHost(name, subtree));
}

/** `*.example.com` also matches `a.example.com`, so it is excluded when that host is. */
function coversExcludedHost(name: GeneralName, subtree: Subtree): boolean {
  if (name.kind !== 'DNS' || subtree.kind !== 'DNS' || !name.value.startsWith('*.')) return false;
  const parent = subtree.value.replace(/^[^.]+/, '');
  return parent.toLowerCase() === name.value.slice(1).toLowerCase();
}

/** Returns the subject, if not empty, and its mail addresses (RFC 5280 §4.2.1.10). */
function subjectNames(subject: DistinguishedName): GeneralName[] {
  if (subject.length === 0) return [];
  const addresses = subject.flat().filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    { kind: 'dirName', name: subject },
    ...addresses.map(({ value }): GeneralName => ({ kind: 'email', value })),
  ];
}

const HOST_NAME = /^(?:\*\.)?(?:[\w-]+\.)+[\w-]+$/;

/**
 * Returns the common names that are host names, if there is no DNS name. RFC 9525 §6.3 does not match hosts with common
 * names; programs that still do, such as OpenSSL, apply the constraints to them.
 */
function hostNames(subject: DistinguishedName, san: readonly GeneralName[]): GeneralName[] {
  if (san.some(({ kind }) => kind === 'DNS')) return [];
  const names = subject.flat().filter(({ type, value }) => type === COMMON_NAME && HOST_NAME.test(value));
  return names.map(({ value }): GeneralName => ({ kind: 'DNS', value }));
}

const violation = (name: GeneralName): PkiError =>
  new PkiError(
    'name-constraints-violated',
    `The name ${formatGeneralName(name)} is not allowed by the name constraints of the CA certificate`,
  );

function matcherOf(name: GeneralName): Matcher {
  switch (name.kind) {
    case 'DNS':
      return (base) => (base.kind === 'DNS' ? isWithinDomain(name.value, base.value) : undefined);
    case 'email':
      return (base) => (base.kind === 'email' ? isWithinMail(name.value, base.value) : undefined);
    case 'URI':
      return uriMatcher(hostOf(name.value));
    case 'IP':
      return (base) => (base.kind === 'IP' ? isWithinNetwork(name.octets, base) : undefined);
    case 'dirName':
      return nameMatcher(canonicalName(name.name));
    case 'RID':
      return () => undefined;
  }
}

const nameMatcher =
  (name: CanonicalName): Matcher =>
  (base) =>
    base.kind === 'dirName' ? isWithinName(name, base.canonical) : undefined;

/** A URI without a host name matches no constraint. */
const uriMatcher =
  (host: string | undefined): Matcher =>
  (base) =>
    base.kind === 'URI' && host !== undefined ? isWithinHost(host, base.value) : undefined;

/** Any number of labels can be added on the left; a leading dot requires at least one. */
function isWithinDomain(name: string, base: string): boolean {
  const [host, domain] = [name.toLowerCase(), base.toLowerCase()];
  if (domain === '') return true;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * A base `host` matches only that host, `.domain` matches the hosts below it but not the domain. An empty base is
 * ambiguous, every host to some programs and no host to others, so the result is undefined.
 */
function isWithinHost(host: string, base: string): boolean | undefined {
  if (base === '') return undefined;
  return base.startsWith('.')
    ? host.toLowerCase().endsWith(base.toLowerCase())
    : host.toLowerCase() === base.toLowerCase();
}

function isWithinMail(mailbox: string, base: string): boolean | undefined {
  const at = mailbox.lastIndexOf('@');
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0) return isWithinHost(mailbox.slice(at + 1), base);
  const isSameLocalPart = mailbox.slice(0, at) === base.slice(0, baseAt);
  return isSameLocalPart && isWithinHost(mailbox.slice(at + 1), base.slice(baseAt + 1));
}

/** scheme "://" [ userinfo "@" ] host (RFC 3986 §3) */
const AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;
const IP_LITERAL = /^\[|^[\d.]+$/;

/** Returns undefined if there is no host name. */
function hostOf(uri: string): string | undefined {
  const host = AUTHORITY.exec(uri)?.[1];
  return host === undefined || IP_LITERAL.test(host) ? undefined : host;
}

function isWithinNetwork(octets: Uint8Array, { address, mask }: Extract<Subtree, { kind: 'IP' }>): boolean {
  return (
    octets.length === address.length &&
    octets.every((octet, index) => ((octet ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0)
  );
}
