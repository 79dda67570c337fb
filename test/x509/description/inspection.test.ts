/** What only inspection reads: it is shown and found there, and rejected by every other reading. */

import t from 'tap';
import { encodeAlgorithmIdentifier } from '../../../src/formats/algorithm-identifier.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { createReading, STRICT, type Reading } from '../../../src/formats/reading.ts';
import { TOLERANCES } from '../../../src/formats/tolerances.ts';
import { decodeCertificate, decodeRequest } from '../../../routes/wire/decode.ts';
import {
  attribute,
  attributesField,
  craftCertificate,
  craftRequest,
  extension,
  extensionRequest,
  name,
  octets,
  validity,
  type CertificateParts,
  type RequestParts,
} from '../../support/crafted.ts';
import { openDomain } from '../../support/domain.ts';
import { inspection } from '../../support/inspection.ts';

const { keys, domain } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');
const inspect = inspection(domain.inspector);
const strict = inspection(domain.inspector, true);

const badTime = der.tlv(der.TAG.utcTime, Buffer.from('991332000000Z'));
const goodTime = der.time(new Date('2030-01-01T00:00:00Z'));
const spki = (bits: Uint8Array, algorithm: Uint8Array = key.signatureAlgorithm) =>
  der.sequence(algorithm, bits);
const partial = der.tlv(der.TAG.bitString, octets(`04 ${'01'.repeat(15)} f0`));

/** A name whose attribute type has these contents. */
const typed = (hex: string) =>
  der.sequence(der.setOf(der.sequence(der.tlv(der.TAG.objectIdentifier, octets(hex)), der.utf8String('a'))));

type Row = readonly [code: string, parts: CertificateParts, shown: object];

const CERTIFICATES: readonly Row[] = [
  [
    'unreadable-value',
    { signature: der.sequence(der.objectIdentifier('1.2.3'), octets('30 02 05 07')) },
    { signature_algorithm: '1.2.3', signature_parameters: ['30:02:05:07'] },
  ],
  ...['2A81', '2A8001', '', `2A${'FF'.repeat(90_000)}01`].map((hex): Row => [
    'unreadable-value',
    { subject: typed(hex) },
    { subject: `/#${hex}=a` },
  ]),
  ['unreadable-name', { issuer: der.sequence(der.unsignedInteger(1)) }, { issuer: '#3003020101' }],
  [
    'unreadable-time',
    { validity: der.sequence(goodTime, badTime) },
    { not_before: '2030-01-01T00:00:00Z', not_after: null },
  ],
  [
    'validity-order',
    { validity: validity('2031-01-01T00:00:00Z', '2030-01-01T00:00:00Z') },
    { not_after: '2030-01-01T00:00:00Z' },
  ],
  ['certificate-version', { version: 9 }, { version: 9 }],
  ['certificate-version', { version: 1 }, { version: 1, is_ca: true }],
  [
    'certificate-version',
    {
      version: 1,
      extensions: { basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined },
      beforeExtensions: [der.contextPrimitive(1, octets('00 ab'))],
    },
    { issuer_unique_id: 'AB' },
  ],
  [
    'algorithm-mismatch',
    { signatureAlgorithm: encodeAlgorithmIdentifier('1.2.3') },
    { signature_algorithm: 'ML-DSA-44', signature_valid: false },
  ],
  [
    'duplicate-extension',
    { extensions: { again: extension('2.5.29.19', true, '30 00') } },
    { is_ca: true, extensions: [{ value: ['CA:TRUE'] }, {}, {}, { value: ['CA:FALSE'] }] },
  ],
  [
    'partial-octet',
    { subjectPublicKeyInfo: spki(partial) },
    { public_key: { algorithm: 'ML-DSA-44' }, signature_valid: null, sizes: { public_key: 16 } },
  ],
  [
    'unreadable-key',
    {
      subjectPublicKeyInfo: spki(
        der.bitString(octets('30 05')),
        encodeAlgorithmIdentifier('1.2.840.113549.1.1.1', der.nullValue()),
      ),
    },
    { public_key: { algorithm: 'rsaEncryption' } },
  ],
];

const request = (...attributes: readonly Uint8Array[]): RequestParts => ({
  attributes: [attributesField(...attributes)],
});
const MS_EXTENSIONS = '1.3.6.1.4.1.311.2.1.14';
const san = (text: string) =>
  extension('2.5.29.17', false, der.sequence(der.contextPrimitive(2, Buffer.from(text))));

const REQUESTS: readonly (readonly [code: string, parts: RequestParts, shown: object])[] = [
  [
    'unreadable-extensions',
    request(attribute('1.2.840.113549.1.9.14', der.sequence(der.unsignedInteger(7)))),
    { requested_extensions: [], attribute_values: [{ name: 'extensionRequest', value: ['7'] }] },
  ],
  [
    'duplicate-extension',
    request(extensionRequest(san('a')), extensionRequest(san('b'))),
    { san: ['DNS:a'], requested_extensions: [{ value: ['DNS:a'] }, { value: ['DNS:b'] }] },
  ],
  [
    'duplicate-extension',
    request(extensionRequest(san('a')), attribute(MS_EXTENSIONS, der.sequence(san('b')))),
    { san: ['DNS:a'], requested_extensions: [{ value: ['DNS:a'] }, { value: ['DNS:b'] }] },
  ],
];

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const OTHER_READINGS: readonly Reading[] = [STRICT, createReading({ isStrict: false })];
const shownElsewhere = new Set(['unreadable-name', 'unreadable-key', 'partial-octet']);

t.test('what only inspection reads of a certificate is shown, found, and rejected elsewhere', async (t) => {
  for (const [code, parts, expected] of CERTIFICATES) {
    const certificate = await craftCertificate(key, parts);
    const shown = await inspect.certificate(certificate);
    t.match(shown, expected, code);
    t.ok(
      shown.findings.some(({ rule, where }) => rule === code && where !== ''),
      code,
    );
    t.ok(
      shown.notes.some((note) => note.code === code && note.at === '/certificate'),
      code,
    );
    await t.rejects(strict.certificate(certificate), { name: 'PkiError' }, code);
    if (shownElsewhere.has(code)) continue;
    for (const reading of OTHER_READINGS)
      t.throws(
        () => decodeCertificate('certificate', base64(certificate), reading),
        { name: 'PkiError' },
        code,
      );
  }
});

t.test('what only inspection reads of a request is shown, found, and rejected elsewhere', async (t) => {
  for (const [code, parts, expected] of REQUESTS) {
    const csr = await craftRequest(key, parts);
    const shown = await inspect.request(csr);
    t.match(shown, expected, code);
    t.ok(
      shown.findings.some(({ rule, where }) => rule === code && where !== ''),
      code,
    );
    for (const reading of OTHER_READINGS)
      t.throws(() => decodeRequest('csr', base64(csr), reading), { name: 'PkiError' }, code);
  }
});

t.test('each deviation that is only shown has a row here', async (t) => {
  const codes = Object.entries(TOLERANCES).filter(([, row]) => row.inspectionOnly === true);
  t.same(
    [...new Set([...CERTIFICATES, ...REQUESTS].map(([code]) => code))].toSorted(),
    codes.map(([code]) => code).toSorted(),
  );
});

t.test(
  'octets after a certificate, and more than 10,000 values, are rejected by inspection too',
  async (t) => {
    const certificate = await craftCertificate(key);
    await t.rejects(inspect.certificate(Buffer.concat([certificate, octets('05 00')])), {
      code: 'invalid-der',
    });
    const rdn = der.setOf(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String('a')));
    const many = der.sequence(...Array.from({ length: 3000 }, () => rdn));
    await t.rejects(inspect.certificate(await craftCertificate(key, { subject: many })), {
      code: 'invalid-der',
    });
  },
);

t.test('an extension value that is not DER is shown in hexadecimal', async (t) => {
  const parts = { extensions: { own: extension('1.3.6.1.4.1.41482.3.3', false, '05 04 03') } };
  const shown = await inspect.certificate(await craftCertificate(key, parts));
  t.same(shown.extensions.at(-1), {
    oid: '1.3.6.1.4.1.41482.3.3',
    name: 'yubicoFirmwareVersion',
    critical: false,
    value: ['05:04:03'],
  });
  t.same(shown.findings, [
    {
      rule: 'extension-value',
      clause: 'RFC 5280 §4.2',
      severity: 'error',
      where: 'extensions.yubicoFirmwareVersion',
    },
  ]);
});

t.test('a name with any attribute is no reason to reject', async (t) => {
  const shown = await inspect.certificate(
    await craftCertificate(key, { subject: name('a', octets('14 01 e4'), octets('02 01 05')) }),
  );
  t.equal(shown.subject, '/CN=a/CN=ä/CN=#020105');
});
