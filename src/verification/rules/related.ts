/** Whether two certificates belong to one end entity (RFC 9763 §4). */

import { oidName } from '../../formats/oids.ts';
import { isRelatedTo } from '../../x509/extensions/related-certificate.ts';
import { failure, type Failure } from '../checks.ts';
import type { Member } from '../member.ts';
import type { Path } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';

/** Either certificate can have the extension: the one that was issued later. */
export function relatedFailures([leaf]: Path, { related }: VerificationRequest): readonly Failure[] {
  if (related === undefined) return [];
  const faults = [faultOf(leaf, related), faultOf(related, leaf)];
  if (faults.includes('')) return [];
  const detail = faults.find((fault) => fault !== undefined) ?? 'Neither certificate is related to the other';
  return [failure('related-certificate', leaf, detail)];
}

/** Undefined: the certificate has no such extension. Empty: it is about the other one. */
function faultOf({ facts, certificate: { subject } }: Member, other: Member): string | undefined {
  const { relatedCertificate } = facts;
  if (relatedCertificate === undefined) return undefined;
  const isRelated = isRelatedTo(relatedCertificate, other.certificate.der);
  if (isRelated === undefined)
    return `The hash algorithm ${oidName(relatedCertificate.hashAlgorithm)} is not supported`;
  if (!isRelated) return 'The RelatedCertificate extension is the hash of another certificate';
  // §4.2: the names are those of one entity
  return Buffer.compare(subject, other.certificate.subject) === 0
    ? ''
    : 'The related certificates have different subjects';
}
