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

type Kind = Subtree['kind'];
type SubtreesByKind = ReadonlyMap<Kind, readonly Subtree[]>;

/** Names times subtrees. Go's crypto/x509 has the same limit; 250,000 comparisons take about 10 ms. */
const MAX_COMPARISONS = 250_000;

/** Throws PkiError name-constraints-violated for the first name outside `constraints`, or for too many comparisons. */
export const checkNameConstraints = (
  constraints: NameConstraints,
  subject: DistinguishedName,
  san: readonly GeneralName[],
): void => checkAllNameConstraints([constraints], subject, san);

/** {@link checkNameConstraints} for the constraints of every CA of a path. The limit is for their comparisons together. */
export function checkAllNameConstraints(
  all: readonly NameConstraints[],
  subject: DistinguishedName,
  san: readonly GeneralName[],
): void {
  const names = [...subjectNames(subject), ...hostNames(subject, san), ...san];
  const grouped = all.map(({ permitted, excluded }) => ({
    permitted: Map.groupBy(permitted, ({ kind }) => kind),
    excluded: Map.groupBy(excluded, ({ kind }) => kind),
  }));
  requireFewComparisons(
    names,
    grouped.flatMap(({ permitted, excluded }) => [permitted, excluded]),
  );
  for (const constraints of grouped) checkNames(names, constraints);
}

function checkNames(
  names: readonly GeneralName[],
  { permitted, excluded }: { readonly permitted: SubtreesByKind; readonly excluded: SubtreesByKind },
): void {
  for (const name of names) {
    const isWithin = matcherOf(name);
    if (
      !isPermitted(isWithin, permitted.get(name.kind)) ||
      isExcluded(name, isWithin, excluded.get(name.kind))
    )
      throw violation(name);
  }
}

function requireFewComparisons(names: readonly GeneralName[], constraints: readonly SubtreesByKind[]): void {
  let comparisons = 0;
  for (const { kind } of names) {
    for (const subtrees of constraints) comparisons += subtrees.get(kind)?.length ?? 0;
  }
  if (comparisons <= MAX_COMPARISONS) return;
  throw new PkiError(
    'name-constraints-violated',
    `The name constraints of the CA certificate need ${comparisons} comparisons, but at most ${MAX_COMPARISONS} are made`,
  );
}

/** Returns undefined when it is unknown whether the name is within the subtree. */
type Matcher = (subtree: Subtree) => boolean | undefined;

const isPermitted = (isWithin: Matcher, ofKind: readonly Subtree[] | undefined): boolean =>
  ofKind === undefined || ofKind.some((subtree) => isWithin(subtree) === true);

/** A name that cannot be matched counts as excluded (RFC 5280 §4.2.1.10: a URI without a host name is rejected). */
function isExcluded(name: GeneralName, isWithin: Matcher, ofKind: readonly Subtree[] = []): boolean {
  if (ofKind.some((subtree) => isWithin(subtree) !== false)) return true;
  if (name.kind !== 'DNS' || !name.value.startsWith('*.')) return false;
  const parent = name.value.slice(1).toLowerCase();
  return ofKind.some((subtree) => subtree.kind === 'DNS' && isLabelBefore(parent, subtree.lowerCase));
}

/** `*.example.com` also matches `a.example.com`, so it is excluded when that host is. `parent` is `.example.com`. */
const isLabelBefore = (parent: string, host: string): boolean =>
  host.endsWith(parent) && !host.slice(0, -parent.length).includes('.');

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

const domainMatcher =
  (host: string): Matcher =>
  (base) =>
    base.kind === 'DNS' ? isWithinDomain(host, base.lowerCase) : undefined;

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
  return (base) => {
    if (base.kind !== 'email') return undefined;
    const baseAt = base.value.lastIndexOf('@');
    if (baseAt >= 0 && base.value.slice(0, baseAt) !== localPart) return false;
    return isWithinHost(host, base.lowerCase.slice(baseAt + 1));
  };
}

/** scheme "://" [ userinfo "@" ] host (RFC 3986 §3) */
const AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;
const IP_LITERAL = /^\[|^[\d.]+$/;

/** Returns the host name in lower case; undefined if there is none. */
function hostOf(uri: string): string | undefined {
  const host = AUTHORITY.exec(uri)?.[1];
  return host === undefined || IP_LITERAL.test(host) ? undefined : host.toLowerCase();
}

function isWithinNetwork(octets: Uint8Array, { address, mask }: Extract<Subtree, { kind: 'IP' }>): boolean {
  return (
    octets.length === address.length &&
    octets.every((octet, index) => ((octet ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0)
  );
}
