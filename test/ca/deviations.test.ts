/** What is read although a standard forbids it, in requests and CA certificates. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import {
  boolean,
  contextConstructed,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  TAG,
  tlv,
  unsignedInteger,
  utf8String,
} from '../../src/formats/der/writer.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { readReceivedCertificate } from '../../src/x509/certificate.ts';
import { readDer } from '../../src/formats/der/lenient.ts';
import { createReading } from '../../src/formats/reading.ts';
import {
  craftTbs,
  extension,
  extensionRequest,
  attribute,
  attributesField,
  indefinite,
  type CertificateParts,
  type RequestParts,
  name,
  octets,
} from '../support/crafted.ts';
import { certificatePem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { provenStrict } from '../support/strict-output.ts';
import { asking, microsoft, NOW, openSigning, san } from './signing.ts';

const { sign, caKey } = await openSigning(t);
const lenient = { strict: false };
const LENIENT = createReading({ isStrict: false });

const CN = objectIdentifier('2.5.4.3');
const EMAIL = objectIdentifier('1.2.840.113549.1.9.1');
const rdn = (type: Uint8Array, value: Uint8Array): Uint8Array => setOf(sequence(type, value));
const text = (tag: number, value: string, encoding: BufferEncoding = 'utf8'): Uint8Array =>
  tlv(tag, Buffer.from(value, encoding));

/** A request that deviates, and the subject of the certificate as Node prints it. */
const REQUESTS: Readonly<Record<string, readonly [RequestParts, subject: string, ...codes: string[]]>> = {
  'TeletexString in Latin-1': [
    { subject: name(text(TAG.teletexString, 'Käse', 'latin1')) },
    'CN=Käse',
    'string-type',
  ],
  UniversalString: [
    { subject: name(tlv(TAG.universalString, Uint8Array.of(0, 0, 0, 0x41, 0, 0, 0x20, 0xac))) },
    'CN=A€',
    'string-type',
  ],
  'Latin-1 in a UTF8String': [
    { subject: name(text(TAG.utf8String, 'Käse', 'latin1')) },
    'CN=Käse',
    'string-characters',
    'string-type',
  ],
  'UTF-8 in a PrintableString': [
    { subject: name(text(TAG.printableString, 'Käse')) },
    'CN=Käse',
    'string-characters',
    'string-type',
  ],
  'an RDN that is not in order': [
    {
      subject: sequence(
        tlv(TAG.set, sequence(objectIdentifier('2.5.4.10'), utf8String('B')), sequence(CN, utf8String('A'))),
      ),
    },
    'CN=A + O=B',
    'set-order',
  ],
  'a subject of indefinite length': [{ subject: indefinite(name('A')) }, 'CN=A', 'ber-length'],
  'a text in parts': [
    { subject: name(tlv(0x2c, text(TAG.octetString, 'A'), text(TAG.octetString, 'B'))) },
    'CN=AB',
    'ber-string',
  ],
  'version 1': [{ version: unsignedInteger(1) }, 'CN=crafted.example', 'request-version'],
  'no attributes': [{ attributes: [] }, 'CN=crafted.example', 'no-attributes'],
  'two challenge passwords': [
    {
      attributes: [
        attributesField(
          attribute('1.2.840.113549.1.9.7', utf8String('a')),
          attribute('1.2.840.113549.1.9.7', utf8String('b')),
        ),
      ],
    },
    'CN=crafted.example',
    'duplicate-attribute',
  ],
  'an attribute without a value': [
    { attributes: [attributesField(sequence(objectIdentifier('1.2.3'), setOf()))] },
    'CN=crafted.example',
    'empty-attribute',
  ],
  'requested extensions without a value': [
    { attributes: [attributesField(sequence(objectIdentifier('1.2.840.113549.1.9.14'), setOf()))] },
    'CN=crafted.example',
    'empty-attribute',
  ],
  'names in a directoryName of another string type': [
    {
      extensions: [
        extension(
          '2.5.29.17',
          false,
          sequence(contextConstructed(4, sequence(rdn(EMAIL, utf8String('a@b.example'))))),
        ),
      ],
    },
    'CN=crafted.example',
    'string-type',
  ],
};

for (const [kind, [asked, subject, ...codes]] of Object.entries(REQUESTS))
  t.test(`a request with ${kind} is signed`, async (t) => {
    const { certificate, notes } = await sign({ asked, wish: lenient });
    t.same(
      notes.map(({ code, path }) => [code, ...path]),
      codes.map((code) => [code, 'request']),
    );
    provenStrict(t, certificate);
    t.equal(new X509Certificate(certificate).subject, subject);
    await t.rejects(sign({ asked }), { name: 'PkiError' }, 'not in strict reading');
  });

const CA: Readonly<Record<string, readonly [CertificateParts, ...codes: string[]]>> = {
  'a subject of wrong characters': [
    { subject: name(text(TAG.printableString, 'R&D')) },
    'string-characters',
    'string-characters',
  ],
  'an RDN that is not in order': [
    {
      subject: sequence(
        tlv(TAG.set, sequence(objectIdentifier('2.5.4.10'), utf8String('B')), sequence(CN, utf8String('A'))),
      ),
    },
    'set-order',
    'set-order',
  ],
  'a validity of indefinite length': [
    {
      validity: indefinite(sequence(text(TAG.utcTime, '200101000000Z'), text(TAG.utcTime, '480101000000Z'))),
    },
    'ber-length',
  ],
  'times without seconds': [
    { validity: sequence(text(TAG.utcTime, '2001010000Z'), text(TAG.utcTime, '4801010000Z')) },
    'time-form',
    'time-form',
  ],
  'critical FALSE': [
    {
      extensions: {
        subjectKeyIdentifier: sequence(
          objectIdentifier('2.5.29.14'),
          boolean(false),
          octetString(octets('04 02 01 02')),
        ),
      },
    },
    'default-value',
  ],
  'cA as 01': [
    { extensions: { basicConstraints: extension('2.5.29.19', true, '30 03 01 01 01') } },
    'boolean',
  ],
  'a keyUsage with zero bits at its end': [
    { extensions: { keyUsage: extension('2.5.29.15', true, '03 02 00 06') } },
    'bit-string',
  ],
  'a vendor extension that is no DER': [
    { extensions: { vendor: extension('1.3.6.1.4.1.99999.1', false, '01 02 03 04 05') } },
    'extension-value',
  ],
};

for (const [kind, [ca, ...codes]] of Object.entries(CA))
  t.test(`a CA certificate with ${kind} signs`, async (t) => {
    const { certificate, issuerCertificate, notes } = await sign({ ca, wish: lenient });
    t.same(
      notes.map(({ code, path }) => [code, ...path]),
      codes.map((code) => [code, 'authority', 'certificate']),
    );
    const { issuer } = readReceivedCertificate(readDer(certificate, { reading: LENIENT }), LENIENT);
    t.ok(
      Buffer.from(issuerCertificate).includes(Buffer.from(issuer)),
      'the issuer is the subject, octet for octet',
    );
    t.ok(
      Buffer.from(issuerCertificate).includes(Buffer.from(craftTbs(caKey, ca))),
      'the chain is as received',
    );
    await t.rejects(sign({ ca }), { name: 'PkiError' }, 'not in strict reading');
  });

t.test('OpenSSL verifies a path whose CA has an odd name', { skip: opensslMissing }, async (t) => {
  for (const kind of [
    'a subject of wrong characters',
    'an RDN that is not in order',
    'a keyUsage with zero bits at its end',
  ]) {
    const [ca = {}] = CA[kind] ?? [];
    const { certificate, issuerCertificate } = await sign({ ca, asked: asking('a.example'), wish: lenient });
    const files = { ca: certificatePem(issuerCertificate), leaf: certificatePem(certificate) };
    const args = `verify -CAfile ca -attime ${Date.parse(NOW) / 1000} leaf`.split(' ');
    const { code, stderr } = await openssl(args, { files });
    t.equal(code, 0, `${kind}: ${stderr}`);
  }
});

t.test('both attributes with the same names are one wish', async (t) => {
  const asked = {
    attributes: [attributesField(extensionRequest(san('a.example')), microsoft(san('a.example')))],
  };
  const { certificate, notes } = await sign({ asked, wish: lenient });
  t.equal(new X509Certificate(certificate).subjectAltName, 'DNS:a.example');
  t.same(
    notes.map(({ code }) => code),
    ['microsoft-extensions'],
  );
});

t.test('a private key in BER signs', async (t) => {
  const pkcs8 = indefinite(await caKey.exportPkcs8());
  const wish = { ...lenient, caPrivateKey: encodePem('PRIVATE KEY', pkcs8) };
  const { notes } = await sign({ wish });
  t.match(notes, [{ code: 'ber-length', path: ['authority', 'signer'] }]);
});
