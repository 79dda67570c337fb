/**
 * NameConstraints ::= SEQUENCE {
 *      permittedSubtrees       [0]     GeneralSubtrees OPTIONAL,
 *      excludedSubtrees        [1]     GeneralSubtrees OPTIONAL }    -- RFC 5280 §4.2.1.10
 *
 * Which names a CA may certify. Permitted subtrees bind only names of their own kind; an excluded one always wins.
 */

import { PkiError } from '../errors.ts';
import type { DistinguishedName } from './distinguished-name.ts';
import type { GeneralName } from './general-name-encoding.ts';
import { formatGeneralName } from './general-name.ts';
import { isWithinName } from './name-comparison.ts';

/** The base of a subtree. A mail or URI base is a host, `.domain`, or (mail only) a whole mailbox. */
export type Subtree =
  | { readonly kind: 'DNS' | 'email' | 'URI'; readonly value: string }
  | { readonly kind: 'IP'; readonly address: Uint8Array; readonly mask: Uint8Array }
  | { readonly kind: 'dirName'; readonly name: DistinguishedName }
  /** A form that no matching is defined for here (otherName, registeredID, …). */
  | { readonly kind: 'RID' | 'other' };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

/** Throws PkiError name-constraints-violated for the first name outside `constraints`. */
export function checkNameConstraints(
  constraints: NameConstraints,
  subject: DistinguishedName,
  san: readonly GeneralName[],
): void {
  for (const name of [...subjectNames(subject), ...san]) {
    if (!isPermitted(name, constraints.permitted) || isExcluded(name, constraints.excluded)) {
      throw violation(name);
    }
  }
}

function isPermitted(name: GeneralName, subtrees: readonly Subtree[]): boolean {
  const ofKind = subtrees.filter(({ kind }) => kind === name.kind);
  return ofKind.length === 0 || ofKind.some((subtree) => isWithin(name, subtree) === true);
}

/** A name that cannot be judged counts as excluded (RFC 5280 §4.2.1.10 rejects a URI without a host name). */
function isExcluded(name: GeneralName, subtrees: readonly Subtree[]): boolean {
  const ofKind = subtrees.filter(({ kind }) => kind === name.kind);
  return ofKind.some((subtree) => isWithin(name, subtree) !== false || coversExcludedHost(name, subtree));
}

/** `*.example.com` stands for `a.example.com` too, so it is excluded when that host is. */
function coversExcludedHost(name: GeneralName, subtree: Subtree): boolean {
  if (name.kind !== 'DNS' || subtree.kind !== 'DNS' || !name.value.startsWith('*.')) return false;
  const parent = subtree.value.replace(/^\./, '').replace(/^[^.]*/, '');
  return parent.toLowerCase() === name.value.slice(1).toLowerCase();
}

/** The subject itself, if not empty, and its mail addresses (RFC 5280 §4.2.1.10). */
function subjectNames(subject: DistinguishedName): GeneralName[] {
  if (subject.length === 0) return [];
  const addresses = subject.flat().filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    { kind: 'dirName', name: subject },
    ...addresses.map(({ value }): GeneralName => ({ kind: 'email', value })),
  ];
}

const violation = (name: GeneralName): PkiError =>
  new PkiError(
    'name-constraints-violated',
    `${formatGeneralName(name)} lies outside the name constraints of the CA certificate`,
  );

/** Undefined where no answer can be given. */
function isWithin(name: GeneralName, subtree: Subtree): boolean | undefined {
  if (name.kind === 'DNS' && subtree.kind === 'DNS') return isWithinDomain(name.value, subtree.value);
  if (name.kind === 'email' && subtree.kind === 'email') return isWithinMail(name.value, subtree.value);
  if (name.kind === 'URI' && subtree.kind === 'URI') return isWithinUri(name.value, subtree.value);
  if (name.kind === 'IP' && subtree.kind === 'IP') return isWithinNetwork(name.octets, subtree);
  if (name.kind === 'dirName' && subtree.kind === 'dirName') return isWithinName(name.name, subtree.name);
  return undefined;
}

/** Any number of labels may be added at the left; a leading dot asks for at least one. */
function isWithinDomain(name: string, base: string): boolean {
  const [host, domain] = [name.toLowerCase(), base.toLowerCase()];
  if (domain === '') return true;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

/** A host means that host alone, `.domain` the hosts below it and not itself. */
function isWithinHost(host: string, base: string): boolean {
  return base.startsWith('.')
    ? host.toLowerCase().endsWith(base.toLowerCase())
    : host.toLowerCase() === base.toLowerCase();
}

function isWithinMail(mailbox: string, base: string): boolean {
  const at = mailbox.lastIndexOf('@');
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0) return isWithinHost(mailbox.slice(at + 1), base);
  return (
    mailbox.slice(0, at) === base.slice(0, baseAt) &&
    isWithinHost(mailbox.slice(at + 1), base.slice(baseAt + 1))
  );
}

/** Undefined for a URI without a host name, which fits no constraint. */
function isWithinUri(uri: string, base: string): boolean | undefined {
  const host = URL.canParse(uri) ? new URL(uri).hostname : '';
  if (host === '' || host.startsWith('[') || /^[0-9.]+$/.test(host)) return undefined;
  return isWithinHost(host, base);
}

function isWithinNetwork(octets: Uint8Array, { address, mask }: Extract<Subtree, { kind: 'IP' }>): boolean {
  return (
    octets.length === address.length &&
    octets.every((octet, index) => ((octet ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0)
  );
}
