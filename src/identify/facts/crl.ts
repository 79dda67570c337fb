/** Facts of a CRL. Its entries are counted, and not read. */

import {
  describeCrl as describeFields,
  describeEntries,
} from '../../x509/description/crl/crl-description.ts';
import { readReceivedCrl } from '../../x509/description/crl/received-crl.ts';
import { shortText, type Describe } from './facts.ts';

export const describeCrl: Describe = async (octets, { reading }) => {
  const crl = await readReceivedCrl(octets, reading);
  const { issuer, signatureAlgorithm, thisUpdate, nextUpdate, fingerprints } = describeFields(crl, reading);
  return {
    issuer: shortText(issuer),
    signatureAlgorithm,
    thisUpdate,
    nextUpdate,
    entries: describeEntries(crl, { offset: 0, limit: 0 }, reading).total,
    fingerprint: fingerprints.sha256,
  };
};
