import { extensionOid, oidName } from '../../formats/oids.ts';
import type { Extension } from './extension.ts';

/**
 * Those that whoever relies on a certificate here looks at, or that bind nobody here: policies say what a path may be
 * used for, and no path is built for a policy.
 */
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

/** Name of a critical extension that is not understood, for which the certificate must be refused (RFC 5280 §4.2). */
export function unknownCriticalExtension({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): string | undefined {
  const unknown = extensions.find(({ critical, oid }) => critical && !PROCESSED.has(oid));
  return unknown && oidName(unknown.oid);
}
