/** Findings on certificates of any maker that are shown. */

import t from 'tap';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import type { Der } from '../../src/formats/der/header.ts';
import * as der from '../../src/formats/der/writer.ts';
import { rfc9881 } from '../formats/rfc9881.ts';
import {
  craftCertificate,
  craftRequest,
  extension,
  name,
  octets,
  validity,
  type CertificateParts,
} from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { inspection } from '../support/inspection.ts';
import { FIXTURES } from './fixtures/index.ts';
import { purposes } from './fixtures/parts.ts';
import { lintAsReceived } from './linted.ts';

const { keys, domain } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');
const inspect = inspection(domain.inspector);

const keyUsage = (bits: string) => extension('2.5.29.15', true, bits);
const dnsNames = (...names: readonly string[]) =>
  extension(
    '2.5.29.17',
    false,
    der.sequence(...names.map((text) => der.contextPrimitive(2, Buffer.from(text)))),
  );

/** A server certificate of a CA, with other extensions and members. */
const server = (
  extensions: CertificateParts['extensions'] = {},
  parts: CertificateParts = {},
): CertificateParts => ({
  subject: name('a.example'),
  issuer: name('CA'),
  ...parts,
  extensions: {
    basicConstraints: undefined,
    keyUsage: keyUsage('03 02 07 80'),
    extendedKeyUsage: purposes(false, 1),
    authorityKeyIdentifier: extension('2.5.29.35', false, '30 06 80 04 01 02 03 04'),
    subjectAltName: dnsNames('a.example', 'b.example'),
    ...extensions,
  },
});

const signedBy = (oid: string, parameters = der.nullValue()): CertificateParts => {
  const signature = encodeAlgorithmIdentifier(oid, parameters);
  return server({}, { signature, signatureAlgorithm: signature });
};

const withKey = (oid: string, bits: Uint8Array, parameters?: Der): CertificateParts =>
  server(
    { keyUsage: keyUsage('03 02 05 a0') },
    { subjectPublicKeyInfo: der.sequence(encodeAlgorithmIdentifier(oid, parameters), der.bitString(bits)) },
  );

const rsaKey = (modulusLength: number) =>
  der.sequence(der.unsignedInteger(new Uint8Array(modulusLength).fill(0xff)), der.unsignedInteger(65537));

const RSA = '1.2.840.113549.1.1.1';

const findingsOn = async (parts: CertificateParts) =>
  (await inspect.certificate(await craftCertificate(key, parts))).findings;

t.test('what the inspect routes find is what the linter finds, apart from notices', async (t) => {
  for (const [rule, { certificate, request }] of Object.entries(FIXTURES)) {
    if (rule.endsWith('-structure') || (certificate ?? request) === undefined) continue;
    const expected = await lintAsReceived(key, { certificate, request });
    const shown = certificate
      ? await inspect.certificate(await craftCertificate(key, certificate))
      : await inspect.request(await craftRequest(key, request));
    t.same(
      shown.findings.map((finding) => finding.rule).toSorted(),
      expected
        .filter(({ severity }) => severity !== 'notice')
        .map((finding) => finding.rule)
        .toSorted(),
      rule,
    );
  }
});

t.test('good content has no findings', async (t) => {
  t.same(await findingsOn(server()), []);
  t.same(await findingsOn({}), [], 'a CA certificate');
  t.same(await findingsOn(withKey(RSA, rsaKey(256), der.nullValue())), []);
  for (const set of [44, 65, 87])
    t.same((await inspect.certificate(rfc9881(`ML-DSA-${set}.crt`))).findings, []);
  t.same((await inspect.request(await craftRequest(key))).findings, []);
});

t.test('the rules for issued content apply to received content too', async (t) => {
  const serial = await findingsOn(server({}, { serialNumber: octets('02 01 00') }));
  t.same(serial, [
    {
      rule: 'rfc5280-serial-positive',
      clause: 'RFC 5280 §4.1.2.2',
      severity: 'error',
      where: 'serialNumber',
    },
  ]);
  const wrongUsage = await findingsOn(server({ keyUsage: keyUsage('03 02 05 a0') }));
  t.same(
    wrongUsage.map(({ rule }) => rule),
    ['rfc9881-key-usage'],
  );
});

t.test('an algorithm that the service does not support is no finding', async (t) => {
  const ed448 = server(
    {},
    {
      subjectPublicKeyInfo: der.sequence(
        encodeAlgorithmIdentifier('1.3.101.113'),
        der.bitString(new Uint8Array(57)),
      ),
    },
  );
  t.same(await findingsOn(ed448), []);
});

t.test('a short list of many notes stays short', async (t) => {
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`own${index}`, extension(`1.2.3.${index}`, false, '01')]),
  );
  const found = await findingsOn(server(many));
  t.equal(found.filter(({ rule }) => rule === 'extension-value').length, 10);
  t.equal(found[0]?.where, 'extensions.1.2.3.0');
});

t.test('many extensions that break one rule do not make many findings', async (t) => {
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`own${index}`, extension(`1.2.3.${index}`, true, '05 00')]),
  );
  t.equal((await findingsOn(server(many))).length, 10);
});

t.test(
  'the old names of algorithms with SHA-1 and MD5, and the default of RSASSA-PSS, are found',
  async (t) => {
    const weak = async (...signature: Parameters<typeof signedBy>) =>
      (await findingsOn(signedBy(...signature)))
        .map(({ rule }) => rule)
        .filter((rule) => rule.startsWith('rfc6'));
    for (const oid of ['1.3.14.3.2.29', '1.3.14.3.2.27', '1.2.840.10045.4.1'])
      t.same(await weak(oid), ['rfc6194-sha1-signature'], oid);
    t.same(await weak('1.2.840.113549.1.1.10', der.sequence()), ['rfc6194-sha1-signature']);
    t.same(await weak('1.3.14.3.2.3'), ['rfc6151-message-digest-signature']);
    t.same(await weak('1.2.840.113549.1.1.11'), []);
  },
);

t.test('validity that ends before it starts is a finding', async (t) => {
  const parts = server({}, { validity: validity('2031-01-01T00:00:00Z', '2030-01-01T00:00:00Z') });
  const shown = await inspect.certificate(await craftCertificate(key, parts));
  t.match(shown, { not_before: '2031-01-01T00:00:00Z', not_after: '2030-01-01T00:00:00Z' });
  t.same(shown.findings, [
    {
      rule: 'validity-order',
      clause: 'RFC 5280 §4.1.2.5',
      severity: 'error',
      where: 'TBSCertificate.validity.notAfter',
    },
  ]);
});
