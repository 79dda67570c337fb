import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { createReading } from '../../src/formats/reading.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from './rfc9881.ts';

const content = rfc9881('ML-DSA-44-seed.priv');
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const body = base64(content);
const pem = (text: string, label = 'PRIVATE KEY'): string =>
  `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
const whole = pem(body);

t.test('old labels are tolerated and noted, and refused strictly', async (t) => {
  const trusted = der.concat([
    content,
    der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))),
  ]);
  const parameters = pem('BggqhkjOPQMBBw==', 'EC PARAMETERS');
  const cases: [string, string, PemLabel, Uint8Array][] = [
    ['X509 CERTIFICATE', pem(body, 'X509 CERTIFICATE'), 'CERTIFICATE', content],
    ['X.509 CERTIFICATE', pem(body, 'X.509 CERTIFICATE'), 'CERTIFICATE', content],
    ['TRUSTED CERTIFICATE', pem(base64(trusted), 'TRUSTED CERTIFICATE'), 'CERTIFICATE', content],
    ['no trust settings', pem(body, 'TRUSTED CERTIFICATE'), 'CERTIFICATE', content],
    ['EC PARAMETERS', parameters + whole, 'PRIVATE KEY', content],
  ];
  for (const [name, text, label, expected] of cases) {
    t.throws(() => decodePem(text, label), { code: 'invalid-encoding', message: /^Expected/ }, name);
    const reading = createReading({ isStrict: false });
    t.ok(same(decodePem(text, label, reading), expected), name);
    t.match(
      reading.notes,
      [{ code: 'pem-label', message: /Only the certificate or the key is read$/ }],
      name,
    );
  }
});

t.test('other labels and blocks are refused in every reading', async (t) => {
  const trusted = (...more: Uint8Array[]): string =>
    pem(base64(der.concat([content, ...more])), 'TRUSTED CERTIFICATE');
  const parameters = pem('BggqhkjOPQMBBw==', 'EC PARAMETERS');
  const cases: [string, string, RegExp, PemLabel][] = [
    ['a key as a certificate', whole, /^Expected CERTIFICATE, got PRIVATE KEY$/, 'CERTIFICATE'],
    [
      'a certificate as a key',
      pem(body, 'X509 CERTIFICATE'),
      /^Expected PRIVATE KEY, got X509/,
      'PRIVATE KEY',
    ],
    ['an old label of another kind', pem(body, 'RSA PRIVATE KEY'), /^Expected CERTIFICATE,/, 'CERTIFICATE'],
    ['two values after it', trusted(der.sequence(), der.sequence()), /octets follow/, 'CERTIFICATE'],
    ['another value after it', trusted(der.nullValue()), /trust settings only/, 'CERTIFICATE'],
    ['parameters alone', parameters, /got EC PARAMETERS/, 'PRIVATE KEY'],
    ['parameters after the key', whole + parameters, /got 2 PEM blocks/, 'PRIVATE KEY'],
    ['parameters and two keys', parameters + whole + whole, /got 3 PEM blocks/, 'PRIVATE KEY'],
    [
      'parameters and a certificate',
      parameters + pem(body, 'CERTIFICATE'),
      /2 PEM blocks|got CERT/,
      'PRIVATE KEY',
    ],
    [
      'parameters before a certificate',
      parameters + pem(body, 'CERTIFICATE'),
      /got 2 PEM blocks/,
      'CERTIFICATE',
    ],
    ['DSA', pem(body, 'DSA PRIVATE KEY'), /got DSA PRIVATE KEY/, 'PRIVATE KEY'],
  ];
  for (const [name, text, message, label] of cases)
    t.throws(
      () => decodePem(text, label, createReading({ isStrict: false })),
      { name: 'PkiError', message },
      name,
    );
});
