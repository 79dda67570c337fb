/** Facts of a CRL (RFC 5280 §5.1). Its entries are counted, and not read. */

import { readDer } from '../../formats/der/lenient.ts';
import { openSequence } from '../../formats/der/structure-reader.ts';
import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import { elementAt } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { describeName } from '../../x509/description/common-description.ts';
import { shortText, type Describe } from './facts.ts';
import { fingerprintOf } from './key-facts.ts';

/** A list of 25,000 entries with a reason each has fewer. */
const MAX_VALUES = 250_000;

export const describeCrl: Describe = (octets, { reading }) => {
  const { der } = readDer(octets, { reading, subject: 'The CRL', maxValues: MAX_VALUES });
  const context = { name: 'CertificateList', code: 'invalid-crl', reading } as const;
  const reader = openSequence(openSequence(der, context).element('tbsCertList', TAG.sequence).encoding, {
    ...context,
    name: 'TBSCertList',
  });
  reader.optionalElement('version', TAG.integer);
  const signatureAlgorithm = describeAlgorithm(reader.element('signature', TAG.sequence).encoding).name;
  const issuer = shortText(describeName(reader.element('issuer', TAG.sequence).encoding, reading));
  const thisUpdate = reader.time('thisUpdate');
  const hasNext = reader.isNext(TAG.utcTime) || reader.isNext(TAG.generalizedTime);
  const nextUpdate = hasNext ? reader.time('nextUpdate') : undefined;
  const list = reader.optionalElement('revokedCertificates', TAG.sequence);
  return {
    issuer,
    signatureAlgorithm,
    thisUpdate,
    nextUpdate,
    entries: list === undefined ? 0 : count(list.contents),
    fingerprint: fingerprintOf(octets),
  };
};

function count(contents: Uint8Array): number {
  let entries = 0;
  for (let at = 0; at < contents.length; entries += 1) at += elementAt(contents, at).encoding.length;
  return entries;
}
