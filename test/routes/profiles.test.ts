/** What a caller can request of a certificate: each refusal beside a request that differs a little and is accepted. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { makeKey, keyFile } from '../support/api-keys.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);

const subject = '/CN=www.example.com';
const caOf = async (body: object) => {
  const { answer } = await post('/api/v1/certificate/generate', {
    subject: '/CN=Example Root CA',
    profile: 'ca',
    days: 400,
    ...body,
  });
  return { ca_certificate: answer.certificate, ca_private_key: answer.private_key };
};

const ca = await caOf({});
const rsaRequest = await post('/api/v1/csr/generate', { subject });

const generate = (body: object) =>
  post('/api/v1/certificate/generate', { subject, security_level: 'ml-dsa-44', ...body });
const sign = (body: object, authority: object = ca) =>
  post('/api/v1/csr/sign', { csr: rsaRequest.answer.csr, ...authority, ...body });

interface Refusal {
  readonly refused: object;
  readonly pointer: string;
  readonly message: RegExp;
  readonly accepted: object;
}

const uri = (count: number) => Array.from({ length: count }, (_, i) => `http://a.example/${i}`);
const server = 'spiffe://example.org/service';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'is_ca true contradicts a profile of end entities': {
    refused: { is_ca: true, profile: 'tls-server' },
    pointer: '/profile',
    message: /^`profile`: The profile tls-server contradicts is_ca true/,
    accepted: { is_ca: true, profile: 'ca' },
  },
  'is_ca false contradicts the profile ca': {
    refused: { is_ca: false, profile: 'ca' },
    pointer: '/profile',
    message: /The profile ca contradicts is_ca false; leave out one of profile and is_ca/,
    accepted: { is_ca: null, profile: 'ca' },
  },
  'a profile has its own usages': {
    refused: { profile: 'tls-server', key_usage: ['digitalSignature'] },
    pointer: '/key_usage',
    message: /The profile tls-server has its own usages; leave out profile or key_usage/,
    accepted: { key_usage: ['digitalSignature'] },
  },
  'a profile has its own purposes': {
    refused: { profile: 'tls', extended_key_usage: ['serverAuth'] },
    pointer: '/extended_key_usage',
    message: /leave out profile or extended_key_usage/,
    accepted: { profile: 'ca', extended_key_usage: ['serverAuth', 'clientAuth'] },
  },
  'an ML-DSA key cannot encipher': {
    refused: { key_usage: ['digitalSignature', 'keyEncipherment'] },
    pointer: '/key_usage/1',
    message: /keyEncipherment is not possible for an ML-DSA key \(RFC 9881 §5\)/,
    accepted: { key_usage: ['digitalSignature', 'nonRepudiation'] },
  },
  'keyCertSign is for a CA': {
    refused: { key_usage: ['keyCertSign'] },
    pointer: '/key_usage/0',
    message: /keyCertSign is allowed in CA certificates only/,
    accepted: { profile: 'ca', key_usage: ['keyCertSign'] },
  },
  'cRLSign is for a CA': {
    refused: { key_usage: ['digitalSignature', 'cRLSign'] },
    pointer: '/key_usage/1',
    message: /cRLSign is allowed in CA certificates only/,
    accepted: { is_ca: true, key_usage: ['keyCertSign', 'cRLSign'] },
  },
  'a CA signs certificates': {
    refused: { profile: 'ca', key_usage: ['cRLSign'] },
    pointer: '/key_usage',
    message: /The key usage of a CA must include keyCertSign/,
    accepted: { profile: 'ca', key_usage: ['keyCertSign'] },
  },
  'anyExtendedKeyUsage is never certified': {
    refused: { extended_key_usage: ['anyExtendedKeyUsage'] },
    pointer: '/extended_key_usage/0',
    message: /anyExtendedKeyUsage cannot be certified/,
    accepted: { extended_key_usage: ['emailProtection'] },
  },
  'nor by its OID': {
    refused: { extended_key_usage: ['serverAuth', '2.5.29.37.0'] },
    pointer: '/extended_key_usage/1',
    message: /anyExtendedKeyUsage cannot be certified/,
    accepted: { extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.17'] },
  },
  'OCSPSigning needs its profile': {
    refused: { extended_key_usage: ['OCSPSigning'] },
    pointer: '/extended_key_usage/0',
    message: /OCSPSigning is allowed with the profile ocsp-responder only/,
    accepted: { profile: 'ocsp-responder' },
  },
  'OCSPSigning is not for a CA either': {
    refused: { profile: 'ca', extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.9'] },
    pointer: '/extended_key_usage/1',
    message: /OCSPSigning is allowed with the profile ocsp-responder only/,
    accepted: { profile: 'ca', extended_key_usage: ['serverAuth'] },
  },
  'timeStamping is the only purpose': {
    refused: { extended_key_usage: ['codeSigning', 'timeStamping'] },
    pointer: '/extended_key_usage/1',
    message: /timeStamping must be the only one of its certificate/,
    accepted: { extended_key_usage: ['timeStamping'] },
  },
  'a purpose has a known name': {
    refused: { extended_key_usage: ['ServerAuth'] },
    pointer: '/extended_key_usage/0',
    message: /The purpose "ServerAuth" is unknown; the purposes are serverAuth, clientAuth, codeSigning/,
    accepted: { extended_key_usage: ['serverAuth'] },
  },
  'or a valid OID': {
    refused: { extended_key_usage: ['1.40.1'] },
    pointer: '/extended_key_usage/0',
    message: /The object identifier "1\.40\.1" must be dotted numbers/,
    accepted: { extended_key_usage: ['1.39.1'] },
  },
  'an SVID has one URI': {
    refused: { profile: 'svid', san: [`URI:${server}`, 'URI:https://a.example/'] },
    pointer: '/san',
    message: /must have exactly one URI, its SPIFFE ID, not 2/,
    accepted: { profile: 'svid', san: [`URI:${server}`, 'a.example'] },
  },
  'an SVID has a URI': {
    refused: { profile: 'svid', san: ['a.example'] },
    pointer: '/san',
    message: /must have exactly one URI, its SPIFFE ID, not 0/,
    accepted: { profile: 'svid', san: [`URI:${server}`] },
  },
  'the URI of an SVID is a SPIFFE ID': {
    refused: { profile: 'svid', san: ['URI:https://example.org/service'] },
    pointer: '/san',
    message: /must begin with spiffe:/,
    accepted: { san: ['URI:https://example.org/service'] },
  },
  'a SPIFFE ID of a workload has a path': {
    refused: { profile: 'svid', san: ['URI:spiffe://example.org'] },
    pointer: '/san',
    message: /must have a path after the trust domain/,
    accepted: { san: ['URI:spiffe://example.org'] },
  },
  'a SPIFFE ID has no port': {
    refused: { profile: 'svid', san: ['URI:spiffe://example.org:443/service'] },
    pointer: '/san',
    message: /without a port/,
    accepted: { profile: 'svid', san: ['URI:spiffe://example.org/service/443'] },
  },
  'a short-lived certificate ends soon': {
    refused: { profile: 'short-lived', days: 8 },
    pointer: '/days',
    message: /a whole number of days from 1 to 7, got 8/,
    accepted: { profile: 'short-lived', days: 7 },
  },
  'also by a duration': {
    refused: { profile: 'short-lived', validity: 'P7DT1S' },
    pointer: '/validity',
    message: /at most 7 days/,
    accepted: { profile: 'short-lived', validity: 'P1W' },
  },
  'a short-lived certificate has no CRL': {
    refused: { profile: 'short-lived', extensions: { crl_distribution_points: uri(1) } },
    pointer: '/extensions/crl_distribution_points',
    message: /has noRevAvail, so it must not name CRLs or OCSP responders/,
    accepted: { profile: 'short-lived', extensions: { ca_issuers: uri(1) } },
  },
  'a short-lived certificate has no OCSP responder': {
    refused: { profile: 'short-lived', extensions: { ocsp: uri(1) } },
    pointer: '/extensions/ocsp',
    message: /has noRevAvail/,
    accepted: { profile: 'tls', extensions: { ocsp: uri(1) } },
  },
  'an OCSP responder is not checked by OCSP': {
    refused: { profile: 'ocsp-responder', extensions: { ocsp: uri(1) } },
    pointer: '/extensions/ocsp',
    message: /has ocsp-nocheck/,
    accepted: { profile: 'ocsp-responder', extensions: { ca_issuers: uri(1) } },
  },
  'only a TLS server can staple': {
    refused: { profile: 'tls-client', extensions: { must_staple: true } },
    pointer: '/extensions/must_staple',
    message: /in certificates of TLS servers only/,
    accepted: { profile: 'tls-client', extensions: { must_staple: false } },
  },
  'without OCSP there is nothing to staple': {
    refused: { profile: 'short-lived', extensions: { must_staple: true } },
    pointer: '/extensions/must_staple',
    message: /has no OCSP response/,
    accepted: { profile: 'svid', san: [`URI:${server}`], extensions: { must_staple: true } },
  },
  'a URI of the CA is http or https': {
    refused: { extensions: { ocsp: ['http://a.example/', 'ldap://a.example/cn=a'] } },
    pointer: '/extensions/ocsp/1',
    message: /must begin with http:\/\/ or https:/,
    accepted: { extensions: { ocsp: ['http://a.example/', 'https://a.example/'] } },
  },
  'a URI of the CA names no user': {
    refused: { extensions: { ca_issuers: ['http://user:password@a.example/'] } },
    pointer: '/extensions/ca_issuers/0',
    message: /must begin with http:\/\/ or https:\/\/ and a host/,
    accepted: { extensions: { ca_issuers: ['http://a.example/@'] } },
  },
  'a URI of the CA has a host': {
    refused: { extensions: { crl_distribution_points: ['http:/a.crl'] } },
    pointer: '/extensions/crl_distribution_points/0',
    message: /must begin with http/,
    accepted: { extensions: { crl_distribution_points: ['http://a.example/a.crl'] } },
  },
  'URIs are few': {
    refused: { extensions: { ocsp: uri(9) } },
    pointer: '/extensions/ocsp',
    message: /must be an array of 1 to 8 strings/,
    accepted: { extensions: { ocsp: uri(8) } },
  },
  'a policy occurs once': {
    refused: { extensions: { certificate_policies: [{ oid: '1.2.3' }, { oid: '1.2.3' }] } },
    pointer: '/extensions/certificate_policies/1/oid',
    message: /"1\.2\.3" must not occur twice/,
    accepted: { extensions: { certificate_policies: [{ oid: '1.2.3' }, { oid: '1.2.4' }] } },
  },
  'a policy is an OID': {
    refused: { extensions: { certificate_policies: [{ oid: 'anyPolicy' }] } },
    pointer: '/extensions/certificate_policies/0/oid',
    message: /must be dotted numbers/,
    accepted: { extensions: { certificate_policies: [{ oid: '2.5.29.32.0' }] } },
  },
  'the statement of a policy is a URI': {
    refused: { extensions: { certificate_policies: [{ oid: '1.2.3', cps: 'pki.example.com' }] } },
    pointer: '/extensions/certificate_policies/0/cps',
    message: /must be absolute/,
    accepted: { extensions: { certificate_policies: [{ oid: '1.2.3', cps: 'http://pki.example.com' }] } },
  },
  'raw extensions are not accepted': {
    refused: { extensions: { '1.2.3.4': 'BQA=' } },
    pointer: '/extensions/1.2.3.4',
    message: /is not a member of this request/,
    accepted: { extensions: {} },
  },
  'the validity is given once': {
    refused: { days: 1, validity: 'P1D' },
    pointer: '/validity',
    message:
      /is given by days and again by validity; give one of days, validity, or not_before and not_after/,
    accepted: { validity: 'P1D' },
  },
  'days exclude an end': {
    refused: { days: 1, not_after: '2030-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /is given by days and again by not_after/,
    accepted: { not_after: '2030-01-01T00:00:00Z' },
  },
  'days exclude a start': {
    refused: { days: 1, not_before: '2030-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /is given by days and again by not_after/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-02T00:00:00Z' },
  },
  'a start needs an end': {
    refused: { not_before: '2030-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /must come with its end, not_after/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-02T00:00:00+02:00' },
  },
  'five minutes are the least': {
    refused: { validity: 'PT4M59S' },
    pointer: '/validity',
    message: /at least PT5M/,
    accepted: { validity: 'PT5M' },
  },
  'twenty years are the most': {
    refused: { validity: 'P20Y' },
    pointer: '/validity',
    message: /at most 7300 days/,
    accepted: { validity: 'P7300D' },
  },
  'a duration has no fractions': {
    refused: { validity: 'PT1.5H' },
    pointer: '/validity',
    message: /a duration of ISO 8601 without fractions/,
    accepted: { validity: 'PT1H30M' },
  },
  'a CA with a duration keeps to the days': {
    refused: { profile: 'ca', validity: 'P7301D' },
    pointer: '/validity',
    message: /at most 7300 days, unless the request names its end/,
    accepted: { profile: 'ca', not_after: '2099-12-31T23:59:59Z' },
  },
  'an end entity has no such exception': {
    refused: { not_after: '2099-12-31T23:59:59Z' },
    pointer: '/not_after',
    message: /at most 7300 days/,
    accepted: { not_after: '2045-12-31T23:59:59Z' },
  },
  'the end is in the future': {
    refused: { not_before: '2020-01-01T00:00:00Z', not_after: '2021-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /must be in the future/,
    accepted: { not_before: '2020-01-01T00:00:00Z', not_after: '2039-01-01T00:00:00Z' },
  },
  'the end follows the start': {
    refused: { not_before: '2030-01-01T00:00:00Z', not_after: '2029-01-01T00:00:00Z' },
    pointer: '/not_after',
    message: /at least PT5M/,
    accepted: { not_before: '2030-01-01T00:00:00Z', not_after: '2030-01-01T00:05:00Z' },
  },
  'the start can be encoded': {
    refused: { profile: 'ca', not_before: '1949-12-31T23:59:59Z', not_after: '2045-01-01T00:00:00Z' },
    pointer: '/not_before',
    message: /must be 1950-01-01T00:00:00Z or later/,
    accepted: { profile: 'ca', not_before: '1950-01-01T00:00:00Z', not_after: '2045-01-01T00:00:00Z' },
  },
  'the end can be encoded': {
    refused: { profile: 'ca', not_after: '9999-12-31T23:59:59-01:00' },
    pointer: '/not_after',
    message: /in the future, up to 9999-12-31T23:59:59Z/,
    accepted: { profile: 'ca', not_after: '9999-12-31T23:59:59Z' },
  },
  'a day exists': {
    refused: { not_after: '2030-02-29T00:00:00Z' },
    pointer: '/not_after',
    message: /an existing date and time of RFC 3339/,
    accepted: { not_after: '2028-02-29T00:00:00Z' },
  },
  'a time has whole seconds': {
    refused: { not_after: '2030-01-01T00:00:00.5Z' },
    pointer: '/not_after',
    message: /with whole seconds/,
    accepted: { not_after: '2030-01-01T00:00:00.000Z' },
  },
  'a path length is for a CA': {
    refused: { path_length: 0 },
    pointer: '/path_length',
    message: /in CA certificates only/,
    accepted: { profile: 'ca', path_length: 0 },
  },
  'name constraints are for a CA': {
    refused: { name_constraints: { permitted: ['DNS:example.com'] } },
    pointer: '/name_constraints',
    message: /in CA certificates only/,
    accepted: { profile: 'ca', name_constraints: { permitted: ['DNS:example.com'] } },
  },
  'name constraints name something': {
    refused: { profile: 'ca', name_constraints: { permitted: [] } },
    pointer: '/name_constraints',
    message: /must have a permitted or an excluded name/,
    accepted: { profile: 'ca', name_constraints: { excluded: ['DNS:'] } },
  },
  'a name constraint has a prefix': {
    refused: { profile: 'ca', name_constraints: { excluded: ['DNS:a.example', 'example.com'] } },
    pointer: '/name_constraints/excluded/1',
    message: /must begin with DNS:, IP:, email:, URI: or dirName:/,
    accepted: { profile: 'ca', name_constraints: { excluded: ['DNS:a.example', 'dns:example.com'] } },
  },
};

for (const [rule, { refused, pointer, message, accepted }] of Object.entries(REFUSALS)) {
  t.test(rule, async (t) => {
    const { statusCode, answer } = await generate(refused);
    t.equal(statusCode, 400);
    t.match(answer, { error: message, errors: [{ pointer }] });
    const neighbour = await generate(accepted);
    t.equal(neighbour.statusCode, 200, neighbour.answer.error);
    const preview = await generate({ ...refused, dry_run: true });
    t.match(preview.answer, { error: answer.error }, 'a dry run refuses the same');
  });
}

t.test('under a CA the same is refused', async (t) => {
  for (const { refused, pointer, accepted } of Object.values(REFUSALS)) {
    if ('not_before' in refused || 'not_after' in refused || 'not_after' in accepted) continue;
    if ('validity' in refused && 'validity' in accepted) continue;
    const { statusCode, answer } = await sign(refused);
    t.equal(statusCode, 400, JSON.stringify(refused));
    t.match(answer, { errors: [{ pointer }] });
    t.equal((await sign(accepted)).statusCode, 200, JSON.stringify(accepted));
  }
});

t.test('what a CA issues is valid within the validity of the CA', async (t) => {
  const year = new Date().getUTCFullYear() + 1;
  const authority = await caOf({
    days: undefined,
    not_before: `${year - 2}-01-01T00:00:00Z`,
    not_after: `${year}-06-30T00:00:00Z`,
  });
  const start = { not_before: `${year - 2}-01-01T00:00:00Z` };
  const cases: readonly [refused: object, pointer: string, accepted: object][] = [
    [{ validity: 'P3Y' }, '/validity', { validity: 'P30D' }],
    [{ not_after: `${year}-06-30T00:00:01Z` }, '/not_after', { not_after: `${year}-06-30T00:00:00Z` }],
    [
      { not_before: `${year - 3}-12-31T23:59:59Z`, not_after: `${year}-06-30T00:00:00Z` },
      '/not_before',
      { ...start, not_after: `${year}-06-30T00:00:00Z` },
    ],
  ];
  for (const [refused, pointer, accepted] of cases) {
    const { answer } = await sign(refused, authority);
    t.match(answer, { code: 'exceeds-issuer', errors: [{ pointer }] }, JSON.stringify(refused));
    t.equal((await sign(accepted, authority)).statusCode, 200, JSON.stringify(accepted));
  }
});

t.test('a CA with purposes issues for these purposes only', async (t) => {
  const signing = await caOf({ extended_key_usage: ['codeSigning', 'timeStamping'] });
  for (const profile of ['code-signing', 'time-stamping', 'ocsp-responder'])
    t.equal((await sign({ profile }, signing)).statusCode, 200, profile);
  for (const body of [
    {},
    { profile: 'email' },
    { extended_key_usage: ['codeSigning', 'serverAuth'] },
    { profile: 'ca' },
  ]) {
    const { answer } = await sign(body, signing);
    t.match(answer, { code: 'unsuitable-issuer', errors: [{ pointer: '/ca_certificate' }] });
    t.match(answer.error, 'profiles that fit: code-signing, time-stamping, ocsp-responder');
  }
  const below = await sign({ profile: 'ca', extended_key_usage: ['timeStamping'] }, signing);
  t.equal(below.statusCode, 200);
});

t.test('the member that selected a CA is the one that an error names', async (t) => {
  const last = await caOf({ path_length: 0 });
  for (const [body, pointer] of [
    [{ is_ca: true }, '/is_ca'],
    [{ profile: 'ca' }, '/profile'],
  ] as const)
    t.match((await sign(body, last)).answer, { code: 'path-length-exceeded', errors: [{ pointer }] });
});

t.test('a CA certificate needs its scope whichever member selects it; a CSR does not', async (t) => {
  const key = makeKey(['certs:issue', 'csr:sign', 'csr:generate'], { name: 'leaves' });
  const guarded = await startApp(t, { API_KEYS_FILE: keyFile(t, key.key).path });
  const ask = async (url: string, payload: object) =>
    guarded.inject({ method: 'POST', url, payload, headers: { 'x-api-key': key.text } });
  for (const body of [{ is_ca: true }, { profile: 'ca' }]) {
    const url = '/api/v1/certificate/generate';
    t.equal((await ask(url, { subject, ...body })).statusCode, 403);
    t.equal((await ask(url, { subject, ...body, dry_run: true })).statusCode, 403);
  }
  t.equal((await ask('/api/v1/certificate/generate', { subject, profile: 'tls' })).statusCode, 200);
  t.equal((await ask('/api/v1/csr/generate', { subject, profile: 'ca' })).statusCode, 200);
});

const secondsOf = ({ not_before, not_after }: { not_before: string; not_after: string }): number =>
  (Date.parse(not_after) - Date.parse(not_before)) / 1000;

t.test('the start is a tenth of the validity ago at most, and NOT_BEFORE_SKEW ago otherwise', async (t) => {
  const strict = poster(await startApp(t, { NOT_BEFORE_SKEW: '0' }));
  const generous = poster(await startApp(t, { NOT_BEFORE_SKEW: '3600' }));
  const url = '/api/v1/certificate/generate';
  const cases: readonly [typeof post, validity: string, seconds: number, ago: number][] = [
    [post, 'PT5M', 300, 30],
    [post, 'PT50M', 3000, 300],
    [post, 'P30D', 30 * 86_400, 300],
    [strict, 'P30D', 30 * 86_400, 0],
    [generous, 'P30D', 30 * 86_400, 3600],
    [generous, 'PT1H', 3600, 360],
  ];
  for (const [send, validity, seconds, ago] of cases) {
    const before = Date.now() / 1000;
    const { answer } = await send(url, { subject, validity, security_level: 'ml-dsa-44' });
    const after = Date.now() / 1000;
    t.equal(secondsOf(answer), seconds, validity);
    const start = Date.parse(answer.not_before) / 1000 + ago;
    t.ok(start > before - 1 && start <= after, `${validity} starts ${ago} s ago`);
    t.equal(answer.validity_days, Math.floor(seconds / 86_400));
  }
});

t.test('without a validity the profile decides', async (t) => {
  for (const [profile, days] of [
    ['tls', 365],
    ['ocsp-responder', 30],
    ['short-lived', 7],
  ] as const) {
    t.equal((await generate({ profile })).answer.validity_days, days, profile);
    t.equal(secondsOf((await sign({ profile })).answer), days * 86_400, profile);
  }
});

t.test('a pair has the profile, the usages and the validity of its request', async (t) => {
  const { statusCode, answer } = await post('/api/v1/certificate/hybrid', {
    subject,
    classical_algorithm: 'ecdsa',
    extended_key_usage: ['codeSigning'],
    not_before: '2030-01-01T00:00:00Z',
    not_after: '2031-01-01T00:00:00Z',
    extensions: { ca_issuers: uri(1) },
  });
  t.equal(statusCode, 200);
  for (const certificate of [answer.ml_dsa_certificate, answer.classical_certificate]) {
    const { keyUsage, validFromDate, validToDate, infoAccess } = new X509Certificate(pemOf(certificate));
    t.same(keyUsage, ['1.3.6.1.5.5.7.3.3']);
    t.same([validFromDate, validToDate], [new Date('2030-01-01'), new Date('2031-01-01')]);
    t.match(infoAccess, 'CA Issuers - URI:http://a.example/0');
  }
});
