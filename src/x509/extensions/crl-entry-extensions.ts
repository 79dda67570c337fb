/** Extensions of the entries of a CRL (RFC 5280 §5.3). */

import type { Der } from '../../formats/der/header.ts';
import { generalizedTime, sequence, TAG, tlv } from '../../formats/der/writer.ts';
import { knownExtensionOid } from '../../formats/known-oids.ts';
import { encodeExtension } from './extension.ts';

/** The reasons of a complete CRL: CRLReason (RFC 5280 §5.3.1) without removeFromCRL, which only a delta CRL has. */
export const REVOCATION_REASON = Object.freeze({
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
});

export type RevocationReason = keyof typeof REVOCATION_REASON;

const reasonCode = (reason: RevocationReason): Der =>
  encodeExtension({
    oid: knownExtensionOid.cRLReasons,
    critical: false,
    value: tlv(TAG.enumerated, Uint8Array.of(REVOCATION_REASON[reason])),
  });

const REASON_NAMES = Object.keys(REVOCATION_REASON) as RevocationReason[];

/** crlEntryExtensions with the reason alone. RFC 5280 §5.3.1: the reason unspecified is left out. */
const ENCODED: ReadonlyMap<RevocationReason, readonly Der[]> = new Map(
  REASON_NAMES.map((reason) => [reason, reason === 'unspecified' ? [] : [sequence(reasonCode(reason))]]),
);

/** Returns crlEntryExtensions, or `[]` if it is absent. */
export function entryExtensions(reason: RevocationReason, invalidFrom?: Date): readonly Der[] {
  if (invalidFrom === undefined) return ENCODED.get(reason) ?? [];
  const extensions = [
    ...(reason === 'unspecified' ? [] : [reasonCode(reason)]),
    // RFC 5280 §5.3.2: GeneralizedTime in every year
    encodeExtension({
      oid: knownExtensionOid.invalidityDate,
      critical: false,
      value: generalizedTime(invalidFrom),
    }),
  ];
  return [sequence(...extensions)];
}
