/** The content of a certificate that a CA signs, for any content of the CSR. */

import { X509Certificate, hash } from 'node:crypto';
import t from 'tap';
import { PROFILE_NAMES, type ProfileName } from '../../src/ca/profile.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import type { IssuedCertificate } from '../../src/ca/issued-certificate.ts';
import { concat, objectIdentifier, sequence, setOf, tlv } from '../../src/formats/der/writer.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import {
  extension,
  hexadecimal,
  name,
  octets,
  type CertificateParts,
  type RequestParts,
} from '../support/crafted.ts';
import { certificatePem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { asking, dnsNames, NOW, openSigning } from './signing.ts';

const { domain, caKey, sign } = await openSigning(t);
const { inspector } = domain;

t.test('the names of the CSR come first, and no name is repeated', async (t) => {
  const { certificate } = await sign({
    asked: asking('a.example', 'B.example', 'a.example'),
    wish: { san: ['DNS:b.example', 'c.example', 'IP:192.0.2.1', 'C.EXAMPLE'] },
  });
  const { subjectAltName } = new X509Certificate(certificate);
  t.equal(subjectAltName, 'DNS:a.example, DNS:B.example, DNS:c.example, IP Address:192.0.2.1');
});

const holds = (octets: Buffer, part: Uint8Array): boolean => octets.includes(Buffer.from(part));

t.test(
  'a new certificate names its issuer exactly as the CA certificate does',
  { skip: opensslMissing },
  async (t) => {
    const teletex = tlv(0x14, Buffer.from('Käse', 'latin1'));
    const printable = tlv(0x13, Buffer.from('Root'));
    const identifiers = {
      own: '04 14 ' + '5a'.repeat(20),
      short: '04 01 07',
      odd: '04 21 ' + '5a'.repeat(33),
    };
    for (const [kind, value] of Object.entries(identifiers)) {
      const parts: CertificateParts = {
        subject: name(teletex, printable, 'Root'),
        extensions: { subjectKeyIdentifier: extension('2.5.29.14', false, value) },
      };
      const { certificate, issuerCertificate } = await sign({ ca: parts });
      const files = { ca: certificatePem(issuerCertificate), leaf: certificatePem(certificate) };
      const args = `verify -x509_strict -CAfile ca -attime ${Date.parse(NOW) / 1000} leaf`.split(' ');
      t.equal((await openssl(args, { files })).code, 0, `${kind} identifier`);
      const issued = new X509Certificate(certificate);
      t.ok(issued.checkIssued(new X509Certificate(issuerCertificate)));
      const { authority_key_identifier } = await inspector.certificate(files.leaf);
      t.equal(authority_key_identifier, hexadecimal(octets(value).subarray(2)));
      t.ok(
        holds(issued.raw, name(teletex, printable, 'Root')),
        'the issuer name is the same, octet for octet',
      );
    }
  },
);

t.test('a CA without subjectKeyIdentifier is identified by the hash of its key', async (t) => {
  const { certificate } = await sign({ ca: { extensions: { subjectKeyIdentifier: undefined } } });
  const { authority_key_identifier } = await inspector.certificate(certificatePem(certificate));
  const digest = hash('sha256', caKey.publicKey.bits, 'buffer');
  t.equal(authority_key_identifier, hexadecimal(digest.subarray(0, 20)), 'RFC 7093 §2 method 1');
});

/** Extensions that a CSR can request but not get, by the names under which the reply lists them. */
const SMUGGLED: Readonly<Record<string, Uint8Array>> = {
  basicConstraints: extension('2.5.29.19', true, '30 06 01 01 ff 02 01 05'),
  keyUsage: extension('2.5.29.15', true, '03 02 01 06'),
  extendedKeyUsage: extension('2.5.29.37', false, '30 06 06 04 55 1d 25 00'),
  nameConstraints: extension('2.5.29.30', true, '30 0c a0 0a 30 08 82 06 78 2e 74 65 73 74'),
  subjectKeyIdentifier: extension('2.5.29.14', false, '04 04 ca fe ca fe'),
  authorityKeyIdentifier: extension('2.5.29.35', false, '30 06 80 04 ca fe ca fe'),
  cRLDistributionPoints: extension('2.5.29.31', false, '30 0a 30 08 a0 06 a0 04 86 02 61 3a'),
  authorityInfoAccess: extension('1.3.6.1.5.5.7.1.1', false, '30 00'),
  certificatePolicies: extension('2.5.29.32', true, '30 08 30 06 06 04 55 1d 20 00'),
  noRevAvail: extension('2.5.29.56', false, '05 00'),
  ocspNoCheck: extension('1.3.6.1.5.5.7.48.1.5', false, '05 00'),
  issuerAltName: extension('2.5.29.18', false, dnsNames('evil.example')),
  '1.2.3.4': extension('1.2.3.4', true, '05 00'),
};

t.test('only the requested names are issued, and the other requested extensions are listed', async (t) => {
  const plain = await sign({ asked: asking('a.example') });
  t.same(plain.ignoredExtensions, []);
  const [san = new Uint8Array()] = asking('a.example').extensions ?? [];
  const greedy = await sign({ asked: { extensions: [...Object.values(SMUGGLED), san] } });
  t.same(greedy.ignoredExtensions, Object.keys(SMUGGLED));
  const withoutSerial = ({ certificate, serialNumber }: IssuedCertificate): Uint8Array => {
    const { tbs } = readCertificate(checkDer(certificate));
    const at = Buffer.from(tbs).indexOf(serialNumber, 0, 'hex');
    return concat([tbs.subarray(0, at), tbs.subarray(at + serialNumber.length / 2)]);
  };
  t.ok(
    same(withoutSerial(greedy), withoutSerial(plain)),
    'a CSR without these extensions gets the same certificate',
  );
  for (const [extension, encoding] of Object.entries(SMUGGLED)) {
    const { ignoredExtensions, certificate } = await sign({ asked: { extensions: [encoding] } });
    t.same(ignoredExtensions, [extension]);
    t.equal(new X509Certificate(certificate).ca, false, `${extension} of the CSR makes no CA`);
  }
});

/** A UPN, a Kerberos principal in another structure, x400Address, ediPartyName, and an otherName without a value. */
const OTHER_NAMES = [
  'a0 13 06 0a 2b 06 01 04 01 82 37 14 02 03 a0 05 0c 03 61 40 62',
  'a0 0c 06 06 2b 06 01 05 02 02 a0 02 30 00',
  'a3 00',
  'a5 00',
  'a0 04 06 02 2a 03',
  'a0 0d 06 03 2a 03 04 a0 06 0c 04 65 76 69 6c',
];

/** SmtpUTF8Mailbox é@a.b and SRV _a.b. */
const MAILBOX = 'a0 14 06 08 2b 06 01 05 05 07 08 09 a0 08 0c 06 c3 a9 40 61 2e 62';
const SERVICE = 'a0 12 06 08 2b 06 01 05 05 07 08 07 a0 06 16 04 5f 61 2e 62';

const sanOf = (names: string): RequestParts => ({
  extensions: [extension('2.5.29.17', false, sequence(octets(names)))],
});

t.test('other names of a CSR are left out and listed, and the rest is granted', async (t) => {
  const asked = sanOf(['82 01 61', ...OTHER_NAMES, '82 01 62'].join(' '));
  const { certificate, ignoredNames } = await sign({ asked });
  t.equal(new X509Certificate(certificate).subjectAltName, 'DNS:a, DNS:b');
  t.same(ignoredNames, [
    { index: 1, type: '1.3.6.1.4.1.311.20.2.3' },
    { index: 2, type: '1.3.6.1.5.2.2' },
    { index: 3, type: 'x400Address' },
    { index: 4, type: 'ediPartyName' },
    { index: 5, type: 'otherName' },
    { index: 6, type: '1.2.3.4' },
  ]);
  t.same((await sign({ asked: asking('a') })).ignoredNames, []);
  const added = await sign({ asked, wish: { san: ['UPN:a@b', 'KRB5:a@B'] } });
  const { san } = await inspector.certificate(certificatePem(added.certificate));
  t.same(san, ['DNS:a', 'DNS:b', 'UPN:a@b', 'KRB5:a@B'], 'the holder of the CA key can write them');
});

t.test('a SAN of which nothing is granted is absent', async (t) => {
  const asked = sanOf(OTHER_NAMES.join(' '));
  t.equal(new X509Certificate((await sign({ asked })).certificate).subjectAltName, undefined);
  await t.rejects(sign({ asked: { ...asked, subject: name() } }), {
    code: 'invalid-csr',
    pointer: '/csr',
    message: /empty subject/,
  });
  await t.resolves(sign({ asked: { ...asked, subject: name() }, wish: { san: ['a'] } }));
});

t.test('a profile grants the types of otherName that it names', async (t) => {
  const asked = sanOf(`82 01 61 ${MAILBOX} ${SERVICE}`);
  const granted: Readonly<Partial<Record<ProfileName, readonly string[]>>> = {
    tls: ['SRV:_a.b'],
    'tls-server': ['SRV:_a.b'],
    'short-lived': ['SRV:_a.b'],
    email: ['SmtpUTF8Mailbox:é@a.b'],
  };
  for (const profile of PROFILE_NAMES) {
    if (profile === 'svid') continue;
    const { certificate, ignoredNames } = await sign({ asked, wish: { profile, days: 1 } });
    const { san } = await inspector.certificate(certificatePem(certificate));
    t.same(san, ['DNS:a', ...(granted[profile] ?? [])], profile);
    t.equal(ignoredNames.length, 3 - san.length, profile);
  }
  const wrong = sanOf(SERVICE.replace('5f 61', '61 61'));
  await t.rejects(sign({ asked: wrong }), { code: 'invalid-san', pointer: '/csr', message: /_xmpp-client/ });
  await t.resolves(sign({ asked: wrong, wish: { profile: 'email' } }), 'what is not granted is not checked');
});

t.test('the text of a granted otherName is encoded again', async (t) => {
  // é in ISO 8859-1, which is no UTF-8
  const asked = sanOf('a0 13 06 08 2b 06 01 05 05 07 08 09 a0 07 0c 05 e9 40 61 2e 62');
  await t.rejects(sign({ asked, wish: { profile: 'email' } }), { code: 'invalid-extension' });
  const { certificate, notes } = await sign({ asked, wish: { profile: 'email', strict: false } });
  t.same(
    notes.map(({ code }) => code),
    ['string-characters'],
  );
  const { san } = await inspector.certificate(certificatePem(certificate));
  t.same(san, ['SmtpUTF8Mailbox:é@a.b']);
  t.ok(new X509Certificate(certificate).raw.includes(Buffer.from(octets(MAILBOX))));
});

t.test('DNS names of a CSR can have "_" if the caller allows it', async (t) => {
  const asked = asking('my_service', 'a_b.example');
  await t.rejects(sign({ asked }), {
    code: 'invalid-san',
    pointer: '/csr',
    message: /"my_service" contains the character "_".*dns_underscore/,
  });
  const { certificate } = await sign({ asked, wish: { dns_underscore: true, san: ['c_d.example'] } });
  t.equal(
    new X509Certificate(certificate).subjectAltName,
    'DNS:my_service, DNS:a_b.example, DNS:c_d.example',
  );
  await t.rejects(sign({ asked: asking('a.b_c'), wish: { dns_underscore: true } }), {
    pointer: '/csr',
    message: /in its last label/,
  });
});

t.test('a subject with any attribute type is certified', async (t) => {
  const type = (oid: string, value: Uint8Array) => sequence(setOf(sequence(objectIdentifier(oid), value)));
  for (const [oid, value] of [
    ['1.2.840.113549.1.9.2', tlv(0x13, Buffer.from('r1.example.com'))],
    ['1.3.6.1.4.1.37244.1.1', tlv(0x0c, Buffer.from('DEDEDEDE00010001'))],
  ] as const)
    t.ok(
      holds(
        new X509Certificate((await sign({ asked: { subject: type(oid, value) } })).certificate).raw,
        value,
      ),
    );
  await t.rejects(sign({ asked: { subject: type('2.5.4.45', tlv(0x03, Buffer.of(0, 1))) } }), {
    code: 'invalid-subject',
    pointer: '/csr',
    message: /x500UniqueIdentifier/,
  });
});

t.test('names that a certificate may not contain are refused', async (t) => {
  for (const [names, message] of [
    ['82 00', /must not be empty/],
    ['82 03 2a 2e 61', /two labels after the wildcard/],
    ['82 04 61 00 62 63', /U\+0000/],
    ['82 09 31 39 32 2e 30 2e 32 2e 31', /is an IP address/],
    ['87 03 c0 00 02', /4 or 16 octets/],
    ['a4 02 30 00', /at least one attribute/],
    ['', /GeneralName is missing/],
    ['89 01 00', /cannot have the tag 89/],
    ['a2 03 82 01 61', /cannot have the tag A2/],
  ] as const) {
    await t.rejects(sign({ asked: sanOf(names) }), { code: 'invalid-san', pointer: '/csr', message }, names);
  }
  await t.resolves(sign({ asked: sanOf('82 01 61 87 04 c0 00 02 01 88 03 2a 03 04') }));
});

t.test('a subject that a certificate may not contain is refused', async (t) => {
  for (const [value, message] of [
    [tlv(0x14, Buffer.from('teletex')), /CN must be a UTF8String or PrintableString/],
    [tlv(0x1e, Buffer.from([0, 0x61])), /CN must be a UTF8String or PrintableString/],
    [tlv(0x04, Buffer.from('octets')), /CN must be a UTF8String or PrintableString/],
    ['a'.repeat(65), /at most 64 characters, not 65/],
    ['', /must have a value/],
    ['a\nb', /U\+000A/],
  ] as const) {
    const refusal = { code: 'invalid-subject', pointer: '/csr', message };
    await t.rejects(sign({ asked: { subject: name(value) } }), refusal);
  }
  await t.resolves(sign({ asked: { subject: name(tlv(0x13, Buffer.from('printable')), 'é'.repeat(64)) } }));
});
