/** Checks of the certificates of a path, each for itself (RFC 5280 §6.1.3 (a), §6.1.4 (k)-(o), §6.1.5 (e), (f)). */

import { rfc3339 } from '../../base/clock.ts';
import { describeOid, extensionOid } from '../../formats/oids.ts';
import { unknownCriticalExtension } from '../../x509/extensions/extension.ts';
import { failure, type Failure } from '../checks.ts';
import type { Member } from '../member.ts';
import type { Path } from '../paths.ts';
import { lastOf } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';

export function validityFailures(path: Path, { time }: VerificationRequest): readonly Failure[] {
  return path.flatMap((member) => {
    const { notBefore, notAfter } = member.certificate.validity;
    if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime()))
      return failure('validity', member, 'The certificate has a validity that cannot be read');
    if (time < notBefore)
      return failure('validity', member, `The certificate is not valid before ${rfc3339(notBefore)}`);
    return time > notAfter
      ? failure('validity', member, `The certificate expired at ${rfc3339(notAfter)}`)
      : [];
  });
}

/** §6.1.4 (k), (n). A trust anchor is a name and a key, so an old one can be without extensions. */
export function issuerFailures(path: Path, request: VerificationRequest): readonly Failure[] {
  return path.slice(1).flatMap((member) => {
    const { certificate, facts } = member;
    const isOldAnchor = member === lastOf(path) && certificate.version < 3 && request.profile === 'path';
    const failures: Failure[] = [];
    if (!isOldAnchor && certificate.version !== 3)
      failures.push(
        failure('ca-certificate', member, `A version ${certificate.version} certificate cannot be a CA`),
      );
    else if (!isOldAnchor && facts.basicConstraints?.cA !== true)
      failures.push(failure('ca-certificate', member, 'The basicConstraints do not say that it is a CA'));
    if (facts.keyUsage !== undefined && !facts.keyUsage.includes('keyCertSign'))
      failures.push(failure('key-cert-sign', member, 'The keyUsage is without keyCertSign'));
    return failures;
  });
}

/** §6.1.4 (l), (m): self-issued certificates do not count, and neither does the last certificate. */
export function pathLengthFailures(path: Path, { maxPathLength }: VerificationRequest): readonly Failure[] {
  const failures = path.flatMap((member, depth) => {
    const limit = member.facts.basicConstraints?.pathLength;
    const count = countIssued(path.slice(1, depth));
    if (depth === 0 || limit === undefined || count <= limit) return [];
    return failure('path-length', member, `The pathLenConstraint is ${limit}, but ${count} CAs follow`);
  });
  const all = countIssued(path.slice(1, -1));
  if (maxPathLength === undefined || all <= maxPathLength) return failures;
  const detail = `The path has ${all} intermediate CAs, but at most ${maxPathLength} are allowed`;
  return [...failures, failure('path-length', path[0], detail)];
}

const countIssued = (members: readonly Member[]): number =>
  members.filter(({ isSelfIssued }) => !isSelfIssued).length;

/** Beside those of {@link unknownCriticalExtension}: revocation uses it. */
const PROCESSED: readonly string[] = [extensionOid.cRLDistributionPoints];

export const extensionFailures = (path: Path): readonly Failure[] =>
  path.flatMap((member) => {
    const unknown = unknownCriticalExtension(member.certificate, PROCESSED);
    return [
      ...(unknown === undefined
        ? []
        : [failure('critical-extension', member, `The critical extension ${unknown} is not supported`)]),
      ...member.facts.unreadable.map((detail) => failure('extension-value', member, detail)),
      ...duplicates(member),
    ];
  });

function duplicates(member: Member): Failure[] {
  const counts = Map.groupBy(member.certificate.extensions, ({ oid }) => oid);
  return [...counts]
    .filter(([, { length }]) => length > 1)
    .map(([oid]) => failure('duplicate-extension', member, `The extension ${describeOid(oid)} occurs twice`));
}
