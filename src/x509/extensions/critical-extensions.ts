import { extensionOid, oidName } from '../../formats/oids.ts';
import type { Extension } from './extension.ts';

/** Extensions that path validation processes. The policy extensions need no processing: no path is built for a policy. */
const PROCESSED: ReadonlySet<string> = new Set([
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extendedKeyUsage,
  extensionOid.nameConstraints,
  extensionOid.subjectAltName,
  extensionOid.certificatePolicies,
  extensionOid.policyMappings,
  extensionOid.policyConstraints,
  extensionOid.inhibitAnyPolicy,
]);

/** Returns the name of an unknown critical extension: the certificate must be rejected (RFC 5280 §4.2). */
export function unknownCriticalExtension({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): string | undefined {
  const unknown = extensions.find(({ critical, oid }) => critical && !PROCESSED.has(oid));
  return unknown && oidName(unknown.oid);
}
