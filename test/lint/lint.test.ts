/** The linter has no findings for valid content. For each rule there is content that breaks it. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { nullValue, sequence, time } from '../../src/formats/der/writer.ts';
import { lint, LINT_RULES, type Finding } from '../../src/lint/lint.ts';
import { dnsNames } from '../ca/signing.ts';
import {
  craftRequestInfo,
  craftTbs,
  extension,
  name,
  octets,
  type CertificateParts,
  type RequestParts,
} from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { BROKEN_LISTS } from './lists.ts';
import { BROKEN_RESPONSES, GOOD_RESPONSES } from './ocsp.ts';
import {
  AIA,
  authorityKeyIdentifier,
  CRL_POINT,
  ca,
  keyUsage,
  leaf,
  NO_REV_AVAIL,
  OCSP_NO_CHECK,
  purposes,
  uris,
} from './parts.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');
const other = await keys.generate('ed25519');

const SAN = '2.5.29.17';

/** 20301231235959Z. */
const GENERALIZED_2030 = '18 0f 32 30 33 30 31 32 33 31 32 33 35 39 35 39 5a';

const withNull = encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.17', nullValue());
const hashMlDsa = encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.32');

interface Fixture {
  readonly certificate?: CertificateParts;
  readonly request?: RequestParts;
  /** ResponseData, DER. */
  readonly response?: Uint8Array;
  /** Algorithm of the signer, if it is not that of the key. */
  readonly signer?: Uint8Array;
  readonly severity?: Finding['severity'];
  /** Other rules that the same content breaks. */
  readonly also?: readonly string[];
}

/** For each rule, content that breaks it. */
const BROKEN: Readonly<Record<string, Fixture>> = {
  'rfc5280-structure': { certificate: { serialNumber: octets('0c 01 61') } },
  'rfc2986-structure': { request: { version: octets('02 01 01') } },
  'rfc5280-version-3': {
    certificate: {
      version: 2,
      extensions: { basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined },
    },
  },
  'rfc5280-serial-positive': { certificate: { serialNumber: octets('02 01 00') } },
  'rfc5280-serial-length': { certificate: { serialNumber: octets(`02 15 ${'01'.repeat(21)}`) } },
  'rfc5280-signature-algorithm': { certificate: {}, signer: other.signatureAlgorithm },
  'rfc5280-validity-encoding': {
    // GeneralizedTime before 2050
    certificate: { validity: sequence(time(new Date('2020-01-01')), octets(GENERALIZED_2030)) },
  },
  'rfc5280-issuer-not-empty': { certificate: leaf({ issuer: name() }) },
  'rfc5280-unique-identifiers-absent': { certificate: { beforeExtensions: [octets('81 02 00 01')] } },
  'rfc5280-subject-attributes': { certificate: leaf({ subject: name(octets('1e 02 00 61')) }) },
  'rfc5280-subject-or-names': { request: { subject: name() } },
  'rfc5280-names-critical-without-subject': {
    request: { subject: name(), extensions: [extension(SAN, false, dnsNames('a.example'))] },
  },
  'rfc5280-names-not-critical-with-subject': {
    certificate: leaf({ extensions: { names: extension(SAN, true, dnsNames('a.example')) } }),
    severity: 'warning',
  },
  'rfc5280-alternative-names': {
    certificate: leaf({ extensions: { names: extension(SAN, false, dnsNames('a..example')) } }),
  },
  'rfc5280-public-key': { request: { subjectPublicKeyInfo: octets('30 0a 30 05 06 03 2b 65 70 03 01 00') } },
  'rfc5280-any-purpose-not-critical': {
    certificate: leaf({ extensions: { purposes: extension('2.5.29.37', true, '30 06 06 04 55 1d 25 00') } }),
    severity: 'warning',
  },
  'rfc5280-critical-extensions-known': { certificate: ca({ unknown: extension('1.2.3', true, '05 00') }) },
  'rfc5280-authority-key-identifier': {
    certificate: leaf({ extensions: { authorityKeyIdentifier: undefined } }),
  },
  'rfc5280-authority-key-identifier-not-critical': {
    certificate: leaf({ extensions: { authorityKeyIdentifier: authorityKeyIdentifier(true) } }),
    also: ['rfc5280-critical-extensions-known'],
  },
  'rfc5280-ca-subject-key-identifier': { certificate: ca({ subjectKeyIdentifier: undefined }) },
  'rfc5280-subject-key-identifier-not-critical': {
    certificate: leaf({ extensions: { subjectKeyIdentifier: extension('2.5.29.14', true, '04 01 01') } }),
    also: ['rfc5280-critical-extensions-known'],
  },
  'rfc5280-ca-key-usage': { certificate: ca({ keyUsage: undefined }) },
  'rfc5280-key-cert-sign-needs-ca': {
    certificate: leaf({ extensions: { keyUsage: keyUsage('03 02 02 04') } }),
  },
  'rfc5280-key-usage-critical': {
    certificate: leaf({ extensions: { keyUsage: keyUsage('03 02 07 80', false) } }),
    severity: 'warning',
  },
  'rfc5280-ca-basic-constraints-critical': {
    certificate: ca({ basicConstraints: extension('2.5.29.19', false, '30 03 01 01 ff') }),
  },
  'rfc5280-ca-subject-not-empty': {
    certificate: {
      subject: name(),
      issuer: name('Crafted CA'),
      extensions: {
        authorityKeyIdentifier: authorityKeyIdentifier(),
        names: extension(SAN, true, dnsNames('a.example')),
      },
    },
  },
  'rfc5280-name-constraints': {
    certificate: leaf({
      extensions: { constraints: extension('2.5.29.30', true, '30 0c a0 0a 30 08 82 06 78 2e 74 65 73 74') },
    }),
  },
  'rfc3161-time-stamping-critical': { certificate: leaf({ extensions: { purposes: purposes(false, 8) } }) },
  'rfc3161-time-stamping-alone': { certificate: leaf({ extensions: { purposes: purposes(true, 8, 3) } }) },
  'rfc5280-purposes-fit-key-usage': {
    certificate: leaf({ extensions: { keyUsage: keyUsage('03 02 06 40'), purposes: purposes(false, 1) } }),
    severity: 'warning',
  },
  'rfc1123-no-underscore': {
    certificate: leaf({ extensions: { names: extension(SAN, false, dnsNames('a_b.example')) } }),
    severity: 'warning',
  },
  'svid-one-uri': {
    certificate: leaf({ extensions: { names: uris('spiffe://example.org/a', 'https://a.example/') } }),
    severity: 'warning',
  },
  'svid-spiffe-id': {
    certificate: leaf({ extensions: { names: uris('spiffe://example.org') } }),
    severity: 'warning',
  },
  'svid-key-usage': {
    certificate: leaf({
      extensions: { keyUsage: keyUsage('03 02 06 40'), names: uris('spiffe://example.org/a') },
    }),
    severity: 'warning',
  },
  'rfc9608-no-rev-avail-value': {
    certificate: leaf({ extensions: { noRevAvail: extension('2.5.29.56', false, '30 00') } }),
  },
  'rfc9608-no-rev-avail-not-ca': { certificate: ca({ noRevAvail: NO_REV_AVAIL }) },
  'rfc9608-no-rev-avail-alone': {
    certificate: leaf({ extensions: { noRevAvail: NO_REV_AVAIL, points: CRL_POINT } }),
  },
  'rfc6960-ocsp-no-check': {
    certificate: leaf({
      extensions: { noCheck: extension(OCSP_NO_CHECK, false, '05 00'), purposes: purposes(false, 1) },
    }),
  },
  'rfc5280-crl-distribution-points': {
    // reasons alone
    certificate: leaf({ extensions: { points: extension('2.5.29.31', false, '30 06 30 04 81 02 06 40') } }),
  },
  'rfc5280-authority-information-access': {
    certificate: leaf({ extensions: { access: extension('1.3.6.1.5.5.7.1.1', false, '30 00') } }),
  },
  'rfc5280-certificate-policies': {
    certificate: leaf({
      extensions: {
        policies: extension('2.5.29.32', false, '30 0c 30 04 06 02 2a 03 30 04 06 02 2a 03'),
      },
    }),
  },
  'rfc7633-tls-feature': {
    certificate: leaf({ extensions: { feature: extension('1.3.6.1.5.5.7.1.24', false, '30 00') } }),
  },
  'rfc9881-signature-parameters-absent': { certificate: { signature: withNull }, signer: withNull },
  'rfc9881-no-hash-ml-dsa': { certificate: { signature: hashMlDsa }, signer: hashMlDsa },
  ...BROKEN_RESPONSES,
  'rfc9881-key-usage': { certificate: leaf({ extensions: { keyUsage: keyUsage('03 02 05 20') } }) },
};

function findings(fixture: Fixture): readonly Finding[] {
  const { certificate, request, response, signer = key.signatureAlgorithm } = fixture;
  if (response !== undefined) return lint('ocsp-response', response, checkDer(signer));
  if (request === undefined) return lint('certificate', craftTbs(key, certificate), checkDer(signer));
  return lint('certification-request', craftRequestInfo(key, request), checkDer(signer));
}

t.test('valid content has no findings', async (t) => {
  const good: Readonly<Record<string, Fixture>> = {
    ...GOOD_RESPONSES,
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
      certificate: leaf({ extensions: { noRevAvail: NO_REV_AVAIL, access: AIA('02') } }),
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
          access: AIA('01'),
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
  for (const [what, fixture] of Object.entries(good)) t.same(findings(fixture), [], what);
});

t.test('noRevAvail excludes every address of revocation information, and is not critical', async (t) => {
  const rulesOf = (extensions: CertificateParts['extensions']) =>
    findings({ certificate: leaf({ extensions }) }).map(({ rule }) => rule);
  const freshest = extension('2.5.29.46', false, '30 0a 30 08 a0 06 a0 04 86 02 61 3a');
  for (const part of [AIA('01'), freshest, CRL_POINT])
    t.same(rulesOf({ noRevAvail: NO_REV_AVAIL, part }), ['rfc9608-no-rev-avail-alone']);
  const critical = extension('2.5.29.56', true, '05 00');
  t.ok(rulesOf({ critical }).includes('rfc9608-no-rev-avail-value'));
});

t.test('for every rule there is content that breaks only this rule', async (t) => {
  t.same(
    [...Object.keys(BROKEN), ...Object.keys(BROKEN_LISTS)].toSorted(),
    LINT_RULES.toSorted(),
    'the rules for CRLs are in certificate-list.test.ts',
  );
  for (const [rule, fixture] of Object.entries(BROKEN)) {
    const { severity = 'error', also = [] } = fixture;
    const found = findings(fixture);
    t.same(found.map((finding) => finding.rule).toSorted(), [rule, ...also].toSorted());
    const own = found.find((finding) => finding.rule === rule);
    t.match(own, { severity, clause: /^(?:RFC \d+|X\.\d+|X509-SVID) §/ }, rule);
  }
});
