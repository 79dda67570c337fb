/** Extensions of CRLs that are written (RFC 5280 §5.2). */

import type { Der } from '../../formats/der/header.ts';
import { sequence, unsignedInteger } from '../../formats/der/writer.ts';
import { knownExtensionOid } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { encodePointName } from './distribution-points.ts';
import { encodeExtension } from './extension.ts';
import { encodeAuthorityKeyIdentifier } from './key-identifiers.ts';

export interface CrlExtensions {
  /** The subjectKeyIdentifier of the CA, octet for octet (RFC 5280 §5.2.1). */
  readonly authorityKeyIdentifier: Uint8Array;
  readonly number: number;
  /** The URI of the CRL in certificates, for a CRL that covers a part of them. */
  readonly distributionPoint?: string | undefined;
}

/** Returns whole Extensions, DER, in the order of the CRL. */
export const encodeCrlExtensions = (content: CrlExtensions): readonly Der[] => [
  encodeExtension({
    oid: extensionOid.authorityKeyIdentifier,
    critical: false,
    value: encodeAuthorityKeyIdentifier(content.authorityKeyIdentifier),
  }),
  encodeExtension({
    oid: knownExtensionOid.cRLNumber,
    critical: false,
    value: unsignedInteger(content.number),
  }),
  ...(content.distributionPoint === undefined ? [] : [issuingDistributionPoint(content.distributionPoint)]),
];

/**
 * IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL, … }
 *
 * Critical. The name is encoded as in the cRLDistributionPoints of the certificates (RFC 5280 §5.2.5).
 */
const issuingDistributionPoint = (uri: string): Der =>
  encodeExtension({
    oid: extensionOid.issuingDistributionPoint,
    critical: true,
    value: sequence(encodePointName(uri)),
  });
