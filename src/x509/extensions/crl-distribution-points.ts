/**
 * CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 *
 * DistributionPoint ::= SEQUENCE {
 *      distributionPoint       [0]     DistributionPointName OPTIONAL,
 *      reasons                 [1]     ReasonFlags OPTIONAL,
 *      cRLIssuer               [2]     GeneralNames OPTIONAL }
 *
 * DistributionPointName ::= CHOICE {
 *      fullName                [0]     GeneralNames,
 *      nameRelativeToCRLIssuer [1]     RelativeDistinguishedName }        -- RFC 5280 §4.2.1.13
 */

import { openSequence } from '../../formats/der/structure-reader.ts';
import { contextConstructed, sequence } from '../../formats/der/writer.ts';
import { encodeGeneralName } from '../names/general-name-encoding.ts';

/** One point for each URI: every point has the CRL for all reasons, and the CA signs it. `uris` must not be empty. */
export const encodeCrlDistributionPoints = (uris: readonly string[]): Uint8Array =>
  sequence(...uris.map(distributionPoint));

const distributionPoint = (uri: string): Uint8Array =>
  sequence(contextConstructed(0, contextConstructed(0, encodeGeneralName({ kind: 'URI', value: uri }))));

/** Throws PkiError unless every point says where its CRL is, or who signs it (RFC 5280 §4.2.1.13). */
export function checkCrlDistributionPoints(value: Uint8Array): void {
  const list = openSequence(value, { name: 'CRLDistributionPoints', code: 'invalid-extension' });
  do {
    const point = list.structure('DistributionPoint');
    const name = point.optionalElement('distributionPoint', 0xa0);
    point.optionalElement('reasons', 0x81);
    const issuer = point.optionalElement('cRLIssuer', 0xa2);
    point.end();
    if (name === undefined && issuer === undefined)
      throw point.fault('distributionPoint', 'must be present when cRLIssuer is absent');
  } while (list.hasMore);
}
