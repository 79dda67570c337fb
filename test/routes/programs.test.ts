/**
 * Requests as real programs write them (test/vectors/programs): each is read, its certificate is strict, and `notes` says
 * what deviates.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../src/base/root.ts';
import { judged, verifyAll } from '../interop/judge.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { provenStrict } from '../support/strict-output.ts';

const app = await startApp(t);
const post = poster(app);
const { answer: ca } = await post('/api/v1/certificate/generate', {
  subject: '/CN=Example Root CA',
  is_ca: true,
  days: 400,
});
const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };

const file = (name: string): string => readFileSync(join(ROOT, 'test/vectors/programs', name), 'latin1');

interface Case {
  readonly subject: string;
  readonly notes: readonly string[];
  /** The subjectAltName, as OpenSSL prints it. */
  readonly san?: string;
  readonly ignored?: readonly string[];
  /** String types of the subject, in the order of the name. */
  readonly strings: readonly string[];
}

const DEV = { subject: '/CN=dev.example', strings: ['UTF8STRING'] };

const READ: Readonly<Record<string, Case>> = {
  '02a-forge-wildcard-printablestring.csr': {
    subject: '/CN=*.example.com',
    notes: ['string-characters', 'string-type'],
    strings: ['UTF8STRING'],
  },
  '02b-att-ampersand-printablestring.csr': {
    subject: '/O=AT&T/CN=a.example',
    notes: ['string-characters', 'string-type'],
    strings: ['UTF8STRING', 'PRINTABLESTRING'],
  },
  '02c-email-printablestring.csr': {
    subject: '/CN=a/emailAddress=a@b.example',
    notes: ['string-characters', 'string-type'],
    strings: ['PRINTABLESTRING', 'IA5STRING'],
  },
  '03-no-attributes.csr': { ...DEV, notes: ['no-attributes'] },
  '04-empty-extensions.csr': { ...DEV, notes: ['empty-extensions'] },
  '05-microsoft-extension-attribute-san.csr': {
    ...DEV,
    notes: ['microsoft-extensions'],
    san: 'DNS:win.example',
  },
  '06-attributes-unsorted.csr': {
    ...DEV,
    notes: ['set-order'],
    san: 'DNS:a.example, DNS:bbbbbbbbbbbbbbbbbbbbbbbbbbbb.example',
  },
  '07-email-utf8string.csr': {
    subject: '/CN=a.example/emailAddress=foo@example.com',
    notes: ['string-type'],
    strings: ['UTF8STRING', 'IA5STRING'],
  },
  '08-serialnumber-c-dc-utf8string.csr': {
    subject: '/C=DE/DC=example/serialNumber=12345/CN=a',
    notes: ['string-type', 'string-type', 'string-type'],
    strings: ['PRINTABLESTRING', 'IA5STRING', 'PRINTABLESTRING', 'UTF8STRING'],
  },
  '09a-cn-bmpstring.csr': { subject: '/CN=Müller', notes: ['string-type'], strings: ['UTF8STRING'] },
  '12c-certmonger-critical-false.csr': { ...DEV, notes: ['default-value'], san: 'DNS:a.example' },
  '14-keyusage-unused-bits.csr': {
    ...DEV,
    notes: ['extension-value'],
    san: 'DNS:a.example',
    ignored: ['keyUsage'],
  },
  '15-extension-value-raw-text.csr': {
    ...DEV,
    notes: ['extension-value'],
    san: 'DNS:a.example',
    ignored: ['1.3.6.1.4.1.99999.1'],
  },
};

async function stringsOf(certificate: Buffer): Promise<readonly string[]> {
  const args = ['x509', '-noout', '-subject', '-nameopt', 'multiline,show_type', '-in', 'certificate'];
  const text = await judged(args, { certificate });
  return [...text.matchAll(/= ([A-Z0-9]*STRING):/g)].map(([, type = '']) => type);
}

async function expectSan(t: Test, certificate: Buffer, san: string | undefined): Promise<void> {
  const text = await judged('x509 -noout -ext subjectAltName -in certificate', { certificate });
  if (san === undefined) t.notMatch(text, 'Subject Alternative Name');
  else t.match(text, san);
}

for (const [name, { subject, notes, san, ignored = [], strings }] of Object.entries(READ))
  t.test(`${name} is signed`, { skip: opensslMissing }, async (t) => {
    const request = { csr: file(name), ...authority, days: 30 };
    const { statusCode, answer } = await post('/api/v1/csr/sign', request);
    t.equal(statusCode, 200, answer.detail);
    t.equal(answer.subject, subject);
    t.same(
      answer.notes.map(({ code }: { code: string }) => code),
      notes,
    );
    for (const note of answer.notes) t.match(note, { at: '/csr', message: /^[A-Z].*[^.]$/ });
    t.same(answer.ignored_extensions, ignored);
    const certificate = pemOf(answer.certificate);
    provenStrict(t, decodePem(certificate, 'CERTIFICATE'));
    await verifyAll(
      t,
      { certificate: certificate.toString() },
      pemOf(ca.certificate).toString(),
      '-purpose sslserver',
    );
    t.same(await stringsOf(certificate), strings);
    await expectSan(t, certificate, san);
    const inspected = await post('/api/v1/certificate/inspect', {
      certificate: answer.certificate,
      strict: true,
    });
    t.same(inspected.answer.notes, [], 'a strict reader accepts the certificate');
  });

/** Inspection shows any string type and any extension that is DER, in strict reading too. */
const SHOWN = [
  '07-email-utf8string.csr',
  '08-serialnumber-c-dc-utf8string.csr',
  '09a-cn-bmpstring.csr',
  '14-keyusage-unused-bits.csr',
];

for (const name of Object.keys(READ))
  t.test(`${name} is rejected by a strict reading`, async (t) => {
    const csr = file(name);
    const signed = await post('/api/v1/csr/sign', { csr, ...authority, strict: true });
    t.equal(signed.statusCode, 400);
    t.match(signed.answer.errors, [{ pointer: '/csr' }]);
    const inspected = await post('/api/v1/csr/inspect', { csr, strict: true });
    t.equal(inspected.statusCode, SHOWN.includes(name) ? 200 : 400);
  });

t.test('an attestation certificate is shown, with the octets of what is not DER', async (t) => {
  const certificate = file('yubikey-attestation-like.pem');
  const { statusCode, answer } = await post('/api/v1/certificate/inspect', { certificate });
  t.equal(statusCode, 200);
  t.match(answer, {
    subject: '/CN=YubiKey PIV Attestation 9a',
    signature_valid: true,
    extensions: [{ oid: '1.3.6.1.4.1.41482.3.3', value: ['05:01:02'] }],
  });
  t.ok(answer.notes.length > 0);
  for (const note of answer.notes) t.match(note, { code: 'extension-value', at: '/certificate' });
  t.equal((await post('/api/v1/certificate/inspect', { certificate, strict: true })).statusCode, 400);
});
