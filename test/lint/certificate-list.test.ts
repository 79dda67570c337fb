/** The linter has no findings for a valid CRL. */

import t from 'tap';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { lintCertificateList } from '../../src/lint/lint.ts';
import { extension, name, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import {
  craftTbsList,
  entry,
  FRESHEST,
  GENERALIZED_2030,
  reason,
  REVOKED_AT,
  serial,
  type ListParts,
} from './fixtures/lists.ts';
import { CRL_URI, fullName, uri } from './fixtures/parts.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const rulesOf = async (octets: Uint8Array, algorithm = key.signatureAlgorithm) =>
  (await lintCertificateList(octets, algorithm)).map(({ rule }) => rule);

t.test('valid content has no findings', async (t) => {
  const good: Readonly<Record<string, ListParts>> = {
    'a CRL without entries': {},
    'a CRL with reasons': {
      entries: [
        entry([reason('0a 01 06'), extension('2.5.29.24', false, GENERALIZED_2030)]),
        entry([], serial(`7f${'01'.repeat(19)}`)),
      ],
      extensions: { freshest: extension('2.5.29.46', false, FRESHEST) },
    },
    'a part of a CRL': {
      extensions: { point: extension('2.5.29.28', true, der.sequence(fullName(uri(CRL_URI)))) },
    },
    'a delta CRL': {
      entries: [entry([reason('0a 01 08')])],
      extensions: { delta: extension('2.5.29.27', true, '02 01 04') },
    },
    'a CRL of an issuer whose name is not DER': { issuer: name(octets('13 01 40')) },
  };
  for (const [what, parts] of Object.entries(good)) t.same(await rulesOf(craftTbsList(key, parts)), [], what);
});

t.test('the rules for signatures of ML-DSA apply', async (t) => {
  const withNull = encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.17', der.nullValue());
  t.same(await rulesOf(craftTbsList(key, { signature: withNull }), withNull), [
    'rfc9881-signature-parameters-absent',
  ]);
});

t.test('every octet is checked, and a list that is damaged has no structure', async (t) => {
  const whole = craftTbsList(key, { entries: [entry([reason('0a 01 01')])] });
  t.same(await rulesOf(whole), []);
  t.same(await rulesOf(der.concat([whole, octets('05 00')])), ['rfc5280-crl-structure']);
  t.same(await rulesOf(octets('30 00')), ['rfc5280-crl-structure']);
  for (const part of [octets('02 02 00 07'), octets('30 80 00 00')]) {
    const entries = [der.sequence(part, REVOKED_AT)];
    t.same(await rulesOf(craftTbsList(key, { entries })), ['rfc5280-crl-structure']);
  }
});
