/** The path above a CA that is about to issue, built from the certificates that the caller gave (RFC 5280 §6.1). */

import { PkiError } from '../../base/errors.ts';
import { extensionOid } from '../../formats/oids.ts';
import type { Reading } from '../../formats/reading.ts';
import type { Keys } from '../../keys/key.ts';
import type { Certificate } from '../certificate.ts';
import { unknownCriticalExtension } from '../extensions/extension.ts';
import type { NameConstraints } from '../extensions/name-constraints.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { isLink, isSelfIssued, isSelfSigned } from './link.ts';
import {
  basicConstraintsOf,
  countIssued,
  nameConstraintsOf,
  pathError,
  requireNames,
  requirePathLength,
  isValidAt,
  requireValidAt,
} from './path-validation.ts';

/** From the CA that issues up to the last certificate that was given; the new certificate is not part of it. */
export type IssuingPath = readonly [Certificate, ...Certificate[]];

/** When and how the certificates are read. */
interface PathContext {
  readonly now: Date;
  readonly reading: Reading;
}

/** Certificates of a CA that is certified by several others make several paths; more are not tried. */
const MAX_PATHS = 16;

/**
 * Returns the path above `issuer` in `given`, which is `issuer` alone if its issuer was not given. Of several paths, one
 * that relying parties accept. Throws PkiError unsuitable-issuer when there is none.
 */
export async function completePath(
  keys: Keys,
  issuer: Certificate,
  given: readonly Certificate[],
  context: PathContext,
): Promise<IssuingPath> {
  const issuersOf = findIssuers(keys, given, context);
  let fault: PkiError | undefined;
  for (const path of await continuations(issuersOf, [issuer], MAX_PATHS)) {
    const invalid = faultOf(path, context);
    if (invalid === undefined) return path;
    fault ??= invalid;
  }
  throw fault ?? new Error('There is always the path of the issuer alone');
}

type FindIssuers = (certificate: Certificate) => Promise<readonly Certificate[]>;

/** The preferred issuer comes first. Each certificate is verified once. */
function findIssuers(keys: Keys, given: readonly Certificate[], { now, reading }: PathContext): FindIssuers {
  const known = new Map<Certificate, Promise<readonly Certificate[]>>();
  const find = async (certificate: Certificate): Promise<readonly Certificate[]> => {
    if (isSelfSigned(certificate)) return [];
    const others = given.filter((other) => other !== certificate);
    const isIssuer = await Promise.all(others.map((other) => isLink(keys, certificate, other, reading)));
    return others.filter((_, index) => isIssuer[index]).toSorted(byPreference(now));
  };
  return (certificate) => {
    const found = known.get(certificate) ?? find(certificate);
    known.set(certificate, found);
    return found;
  };
}

/** Valid now before others, then a root, which makes the path short, then the longest remaining validity. */
const byPreference =
  (now: Date) =>
  (a: Certificate, b: Certificate): number =>
    Number(isValidAt(b, now)) - Number(isValidAt(a, now)) ||
    Number(isSelfSigned(b)) - Number(isSelfSigned(a)) ||
    b.validity.notAfter.getTime() - a.validity.notAfter.getTime();

/** Returns at most `limit` paths that begin with `path` and end where no issuer was given. */
async function continuations(
  issuersOf: FindIssuers,
  path: IssuingPath,
  limit: number,
): Promise<readonly IssuingPath[]> {
  const issuers = (await issuersOf(path.at(-1) ?? path[0])).filter((ca) => !path.includes(ca));
  if (issuers.length === 0) return [path];
  const found: IssuingPath[] = [];
  for (const ca of issuers) {
    if (found.length < limit)
      found.push(...(await continuations(issuersOf, [...path, ca], limit - found.length)));
  }
  return found;
}

/** Returns what relying parties would refuse in the certificates above the issuer. */
function faultOf(path: IssuingPath, context: PathContext): PkiError | undefined {
  try {
    path.forEach((ca, depth) => {
      if (depth > 0) requireHigherCa(ca, path.slice(0, depth), context);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return new PkiError('unsuitable-issuer', `The chain of the CA is invalid: ${error.message}`);
  }
}

/** `below`: the certificates below this CA in the path, the last one issued by it. */
function requireHigherCa(
  ca: Certificate,
  below: readonly Certificate[],
  { now, reading }: PathContext,
): void {
  requireValidAt(ca, now, 'A CA certificate above the issuer');
  const unknown = unknownCriticalExtension(ca);
  if (unknown !== undefined)
    throw pathError(`A CA certificate above the issuer has an unsupported critical extension: ${unknown}`);
  requirePathLength(ca, below, reading);
  const constraints = nameConstraintsOf(ca);
  if (constraints === undefined) return;
  const limited = below.filter((certificate) => !isSelfIssued(certificate));
  requireFewNames(constraints, limited);
  for (const certificate of limited) requireNames(constraints, certificate, false);
}

/** Names of CA certificates times subtrees, for each CA with name constraints; no CA needs more. */
const MAX_COMPARISONS = 20_000;

function requireFewNames({ permitted, excluded }: NameConstraints, limited: readonly Certificate[]): void {
  const names = limited.reduce((sum, certificate) => sum + sizeOfNames(certificate), 0);
  if (names * (permitted.length + excluded.length) > MAX_COMPARISONS)
    throw pathError('The name constraints of a CA need too many comparisons');
}

/** An upper bound: every alternative name has three octets or more. */
const sizeOfNames = ({ subject, extensions }: Certificate): number =>
  decodeDistinguishedName(subject).flat().length +
  (extensions.find(({ oid }) => oid === extensionOid.subjectAltName)?.value.length ?? 0) / 3;

/** What a path allows a certificate that its first CA issues. */
export interface PathLimits {
  /** How many CAs can follow; no limit when undefined. */
  readonly pathLength: number | undefined;
  readonly nameConstraints: readonly NameConstraints[];
}

/** The path must be a valid one of {@link completePath}. Throws PkiError invalid-extension. */
export function limitsOf(path: IssuingPath): PathLimits {
  const lengths = path.flatMap((ca, depth) => {
    const { pathLength } = basicConstraintsOf(ca);
    return pathLength === undefined ? [] : [pathLength - countIssued(path.slice(0, depth))];
  });
  return {
    pathLength: lengths.length === 0 ? undefined : Math.min(...lengths),
    nameConstraints: path.flatMap((ca) => nameConstraintsOf(ca) ?? []),
  };
}
