/** The linter has no findings for valid content, and refuses what contradicts itself. */

import t from 'tap';
import { nullValue, sequence } from '../../src/formats/der/writer.ts';
import { LINT_RULES } from '../../src/lint/lint.ts';
import { LISTED_RULES } from '../../src/lint/registry.ts';
import { dnsNames } from '../ca/signing.ts';
import { extension, name, octets, type CertificateParts } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import type { Fixture } from './fixtures/fixture.ts';
import { GOOD_RESPONSES } from './fixtures/ocsp.ts';
import {
  AIA,
  CRL_POINT,
  CRL_URI,
  ca,
  fullName,
  leaf,
  nist,
  NO_REV_AVAIL,
  OCSP_NO_CHECK,
  points,
  purposes,
  rsaKey,
  spki,
  uri,
  uris,
} from './fixtures/parts.ts';
import { GOOD_IN_PROFILES } from './fixtures/profiles.ts';
import { lintAsReceived, lintBeforeSigning } from './linted.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const SAN = '2.5.29.17';

const withKey = (subjectPublicKeyInfo: Uint8Array, usage: string): Fixture => ({
  certificate: leaf({ subjectPublicKeyInfo, extensions: { keyUsage: extension('2.5.29.15', true, usage) } }),
});

const SIGNING = '03 02 07 80';
const ENCIPHERMENT = '03 02 05 20';
const zeros = (length: number) => new Uint8Array(length);

/** Keys of every post-quantum parameter set, in the order of their OIDs. */
const POST_QUANTUM_KEYS: readonly Fixture[] = [
  ...[1312, 1952, 2592].map((length, index) =>
    withKey(spki(nist(`3.${17 + index}`), zeros(length)), SIGNING),
  ),
  ...[20, 26, 35, 41].flatMap((first) =>
    [32, 32, 48, 48, 64, 64].map((length, index) =>
      withKey(spki(nist(`3.${first + index}`), zeros(length)), SIGNING),
    ),
  ),
  ...[800, 1184, 1568].map((length, index) =>
    withKey(spki(nist(`4.${1 + index}`), zeros(length)), ENCIPHERMENT),
  ),
];

t.test('valid content has no findings', async (t) => {
  const good: Readonly<Record<string, Fixture>> = {
    ...Object.fromEntries(Object.entries(GOOD_RESPONSES).map(([what, data]) => [what, { data }])),
    'a CA': { certificate: {} },
    'an end entity': { certificate: leaf() },
    'an end entity with names': {
      certificate: leaf({ extensions: { names: extension(SAN, false, dnsNames('a.example')) } }),
    },
    'a time-stamping authority': { certificate: leaf({ extensions: { purposes: purposes(true, 8) } }) },
    'a CA for time-stamping and code signing': { certificate: ca({ purposes: purposes(false, 8, 3) }) },
    'a CA with an SVID and another URI': {
      certificate: ca({ names: uris('spiffe://example.org', 'https://a.example/') }),
    },
    'an SVID': { certificate: leaf({ extensions: { names: uris('spiffe://example.org/a') } }) },
    'two URIs that are no SPIFFE IDs': {
      certificate: leaf({ extensions: { names: uris('https://b.example/', 'https://a.example/') } }),
    },
    'a short-lived certificate with the address of its issuer': {
      certificate: leaf({ extensions: { noRevAvail: NO_REV_AVAIL, access: AIA(2) } }),
    },
    'an OCSP responder': {
      certificate: leaf({
        extensions: { noCheck: extension(OCSP_NO_CHECK, false, '05 00'), purposes: purposes(false, 9) },
      }),
    },
    'addresses of a CRL and of a responder, a policy and a TLS feature': {
      certificate: leaf({
        extensions: {
          points: CRL_POINT,
          access: AIA(1),
          policies: extension('2.5.29.32', false, '30 06 30 04 06 02 2a 03'),
          feature: extension('1.3.6.1.5.5.7.1.24', false, '30 03 02 01 05'),
        },
      }),
    },
    'a CSR': { request: {} },
    'a CSR with only alternative names': {
      request: { subject: name(), extensions: [extension(SAN, true, dnsNames('a.example'))] },
    },
  };
  for (const [what, fixture] of Object.entries(good)) {
    t.same(await lintBeforeSigning(key, fixture), [], what);
    if (fixture.data === undefined) t.same(await lintAsReceived(key, fixture), [], what);
  }
});

t.test('noRevAvail excludes every address of revocation information, and is not critical', async (t) => {
  const rulesOf = async (extensions: CertificateParts['extensions']) =>
    (await lintBeforeSigning(key, { certificate: leaf({ extensions }) }))?.map(({ rule }) => rule);
  const freshest = extension('2.5.29.46', false, points(fullName(uri(CRL_URI))));
  for (const part of [AIA(1), freshest, CRL_POINT])
    t.same(await rulesOf({ noRevAvail: NO_REV_AVAIL, part }), ['rfc9608-no-rev-avail-alone']);
  const critical = extension('2.5.29.56', true, '05 00');
  t.ok((await rulesOf({ critical }))?.includes('rfc9608-no-rev-avail-not-critical'));
});

t.test('keys of every parameter set and of the classical algorithms have no findings', async (t) => {
  const rsa = spki('1.2.840.113549.1.1.1', rsaKey(256), nullValue());
  const ed448 = spki('1.3.101.113', zeros(57));
  for (const fixture of [...POST_QUANTUM_KEYS, withKey(rsa, SIGNING), withKey(ed448, SIGNING)])
    t.same(await lintAsReceived(key, fixture), []);
});

t.test('what keeps the rules of a profile has no findings', async (t) => {
  for (const fixture of GOOD_IN_PROFILES)
    t.same(await lintAsReceived(key, fixture), [], String(fixture.profile));
  const strongKey = await keys.generate('ml-dsa-87');
  t.same(await lintAsReceived(strongKey, { certificate: leaf(), profile: 'cnsa2' }), []);
  t.same(await lintAsReceived(strongKey, { request: {}, profile: 'cnsa2' }), []);
});

t.test('only errors stop a signature', async (t) => {
  const severities = new Map(LISTED_RULES.map(({ id, severity }) => [id, severity]));
  t.ok(LINT_RULES.length > 100);
  t.same(
    LINT_RULES.filter((id) => severities.get(id) !== 'error'),
    [],
  );
});

t.test('a finding has a place, and an offset in the octets', async (t) => {
  const serialNumber = octets('02 01 00');
  const policies = extension('2.5.29.32', false, sequence());
  const [first, second] = await lintAsReceived(key, {
    certificate: leaf({ serialNumber, extensions: { policies } }),
  });
  t.match(first, { rule: 'rfc5280-serial-positive', where: 'serialNumber', offset: 15 });
  t.match(second, { rule: 'rfc5280-extension-value', where: 'extensions.certificatePolicies' });
  t.type(second?.offset, 'number');
  const cut = { request: { subject: octets('31 00') } };
  t.match(await lintAsReceived(key, cut), [
    { rule: 'rfc2986-structure', message: /subject must have the tag/ },
  ]);
});
