/** Extensions of the entries of a CRL (RFC 5280 §5.3). */

import type { Der } from '../../formats/der/header.ts';
import { generalizedTime, sequence, TAG, tlv } from '../../formats/der/writer.ts';
import { knownExtensionOid } from '../../formats/known-oids.ts';
import { encodeExtension } from './extension.ts';

/** The CRLReasons of a complete CRL (RFC 5280 §5.3.1): removeFromCRL (8) is for delta CRLs, and there is no 7. */
export const CRL_REASONS = Object.freeze([0, 1, 2, 3, 4, 5, 6, 9, 10] as const);

export type CrlReason = (typeof CRL_REASONS)[number];

const reasonCode = (reason: CrlReason): Der =>
  encodeExtension({
    oid: knownExtensionOid.cRLReasons,
    critical: false,
    value: tlv(TAG.enumerated, Uint8Array.of(reason)),
  });

/** crlEntryExtensions with the reason alone. RFC 5280 §5.3.1: the reason unspecified (0) is left out. */
const ENCODED: ReadonlyMap<CrlReason, readonly Der[]> = new Map(
  CRL_REASONS.map((reason) => [reason, reason === 0 ? [] : [sequence(reasonCode(reason))]]),
);

/** Returns crlEntryExtensions, or `[]` if it is absent. */
export function entryExtensions(reason: CrlReason, invalidFrom?: Date): readonly Der[] {
  if (invalidFrom === undefined) return ENCODED.get(reason) ?? [];
  // RFC 5280 §5.3.2: GeneralizedTime in every year
  const value = generalizedTime(invalidFrom);
  const invalidityDate = encodeExtension({ oid: knownExtensionOid.invalidityDate, critical: false, value });
  return [reason === 0 ? sequence(invalidityDate) : sequence(reasonCode(reason), invalidityDate)];
}
