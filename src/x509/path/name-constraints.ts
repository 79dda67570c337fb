/**
 * The names that a CA may certify (RFC 5280 §4.2.1.10). Permitted subtrees limit only names of their own kind; excluded
 * subtrees take precedence.
 */

import { PkiError } from '../../base/errors.ts';
import type { NameConstraints, Subtree } from '../extensions/name-constraints.ts';
import type { DistinguishedName } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { otherNameOid } from '../names/other-name-forms.ts';
import { decodeText, elementOf } from '../../formats/der/reader.ts';
import { matcherOf, type Matcher } from './name-matcher.ts';

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const COMMON_NAME = '2.5.4.3';

type SubtreesByGroup = ReadonlyMap<string, readonly Subtree[]>;

/** Names and subtrees of one group are compared: those of one kind, and of one type of otherName. */
const groupOf = (name: GeneralName | Subtree): string =>
  name.kind === 'otherName' ? `otherName ${name.type}` : name.kind;

/** Names times subtrees. Go's crypto/x509 has the same limit; 250,000 comparisons take about 10 ms. */
const MAX_COMPARISONS = 250_000;

/** Throws PkiError name-constraints-violated for the first name outside `constraints`, or for too many comparisons. */
export const checkNameConstraints = (
  constraints: NameConstraints,
  subject: DistinguishedName,
  san: readonly GeneralName[],
  isHost = true,
): void => checkAllNameConstraints([constraints], subject, san, isHost);

/**
 * {@link checkNameConstraints} for the constraints of every CA of a path. The limit is for their comparisons together.
 * `isHost`: whether a program may take the common name for that of a host.
 */
export function checkAllNameConstraints(
  all: readonly NameConstraints[],
  subject: DistinguishedName,
  san: readonly GeneralName[],
  isHost = true,
): void {
  if (all.length === 0) return;
  const hosts = isHost ? hostNames(subject, san) : [];
  const names = [...subjectNames(subject), ...hosts, ...san].flatMap(constrainedNames);
  const grouped = all.map(({ permitted, excluded }) => ({
    permitted: Map.groupBy(permitted, groupOf),
    excluded: Map.groupBy(excluded, groupOf),
  }));
  requireFewComparisons(
    names.map(({ name }) => name),
    grouped.flatMap(({ permitted, excluded }) => [permitted, excluded]),
  );
  for (const constraints of grouped) checkNames(names, constraints);
}

function checkNames(
  names: readonly ConstrainedName[],
  { permitted, excluded }: { readonly permitted: SubtreesByGroup; readonly excluded: SubtreesByGroup },
): void {
  for (const { name, origin } of names) {
    const isWithin = matcherOf(name);
    if (
      !isPermitted(isWithin, permitted.get(groupOf(name))) ||
      isExcluded(name, isWithin, excluded.get(groupOf(name)))
    )
      throw violation(origin);
  }
}

function requireFewComparisons(names: readonly GeneralName[], constraints: readonly SubtreesByGroup[]): void {
  let comparisons = 0;
  for (const name of names) {
    for (const subtrees of constraints) comparisons += subtrees.get(groupOf(name))?.length ?? 0;
  }
  if (comparisons <= MAX_COMPARISONS) return;
  throw new PkiError(
    'name-constraints-violated',
    `The name constraints of the CA certificate need ${comparisons} comparisons, but at most ${MAX_COMPARISONS} are made`,
  );
}

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

interface ConstrainedName {
  readonly name: GeneralName;
  /** The name of the certificate, which the error message shows. */
  readonly origin: GeneralName;
}

/** RFC 9598 §6: the constraints for rfc822Name also limit SmtpUTF8Mailbox, an otherName. */
function constrainedNames(origin: GeneralName): readonly ConstrainedName[] {
  if (origin.kind !== 'otherName' || origin.type !== otherNameOid.SmtpUTF8Mailbox)
    return [{ name: origin, origin }];
  const value = decodeText(elementOf(origin.value)) ?? '';
  return [
    { name: origin, origin },
    { name: { kind: 'email', value }, origin },
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
