/** What a certificate may be used for (RFC 5280 §4.2.1.3, §4.2.1.12). */

import { extendedKeyUsageOid, oidName } from '../../formats/oids.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import { failure, type Failure } from '../checks.ts';
import type { Path } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';

const { anyExtendedKeyUsage, ...OID } = extendedKeyUsageOid;

/** RFC 5280 §4.2.1.12: bits of keyUsage that are consistent with a purpose. One of them is enough. */
const USAGES: ReadonlyMap<string, readonly KeyUsage[]> = new Map<string, readonly KeyUsage[]>([
  [OID.serverAuth, ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  [OID.clientAuth, ['digitalSignature', 'keyAgreement']],
  [OID.codeSigning, ['digitalSignature']],
  [OID.emailProtection, ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement']],
  [OID.timeStamping, ['digitalSignature', 'nonRepudiation']],
  [OID.OCSPSigning, ['digitalSignature', 'nonRepudiation']],
]);

/** The purposes of a CA limit those of the certificates below it. This is no rule of RFC 5280, but every program has it. */
export function purposeFailures(
  path: Path,
  { purpose, checksKeyUsage }: VerificationRequest,
): readonly Failure[] {
  if (purpose === undefined) return [];
  const wrong = path.filter(
    ({ facts: { extendedKeyUsage: allowed } }) =>
      allowed !== undefined && !allowed.includes(purpose) && !allowed.includes(anyExtendedKeyUsage),
  );
  const failures = wrong.map((member) =>
    failure('purpose', member, `The extendedKeyUsage does not allow ${oidName(purpose)}`),
  );
  return checksKeyUsage ? [...failures, ...keyUsageFailures(path, purpose)] : failures;
}

function keyUsageFailures([leaf]: Path, purpose: string): readonly Failure[] {
  const usages = USAGES.get(purpose);
  const { keyUsage } = leaf.facts;
  if (usages === undefined || keyUsage === undefined || keyUsage.some((usage) => usages.includes(usage)))
    return [];
  const detail = `The keyUsage for ${oidName(purpose)} must have ${usages.join(' or ')}`;
  return [failure('key-usage', leaf, detail)];
}
