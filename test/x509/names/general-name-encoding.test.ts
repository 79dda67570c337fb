import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import {
  concat,
  ia5String,
  objectIdentifier,
  printableString,
  sequence,
  setOf,
  tlv,
  utf8String,
} from '../../../src/formats/der/writer.ts';
import { decodeGeneralNames, encodeGeneralNames } from '../../../src/x509/names/general-name-encoding.ts';
import { checkGeneralName, checkGeneralNames } from '../../../src/x509/names/general-name-check.ts';
import { formatGeneralName, parseGeneralNames } from '../../../src/x509/names/general-name.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import { TYPE } from './names.ts';

const { raw } = String;

const CONFIGURATION = `
[req]
distinguished_name = subject
req_extensions = extensions
[subject]
[extensions]
subjectAltName = @names
[names]
DNS.1 = *.example.com
DNS.2 = xn--mnchen-3ya.de
IP.1 = 192.0.2.1
IP.2 = 2001:db8::1
email.1 = a@b.example
URI.1 = https://a.example/b?c,d
RID.1 = 2.25.329800735698586629295641978511506172918
dirName.1 = directory
[directory]
C = US
O = Example, Org
CN = a.example
`;

t.test('OpenSSL encodes the names alike', { skip: opensslMissing }, async (t) => {
  const names = parseGeneralNames([
    '*.example.com',
    'DNS:münchen.de',
    'IP:192.0.2.1',
    'IP:2001:db8::1',
    'email:a@b.example',
    'URI:https://a.example/b?c,d',
    'RID:2.25.329800735698586629295641978511506172918',
    'dirName:/C=US/O=Example, Org/CN=a.example',
  ]);
  const { privateKey } = generateKeyPairSync('ed25519');
  const files = {
    'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'request.conf': CONFIGURATION,
  };
  const args = ['req', '-new', '-config', 'request.conf', '-key', 'key.pem', '-subj', '/', '-outform', 'DER'];
  const { stdout, stderr } = await openssl(args, { files });
  t.ok(stdout.includes(Buffer.from(encodeGeneralNames(names))), 'the request holds our octets', { stderr });
});

const UPN = '1.3.6.1.4.1.311.20.2.3';
const otherName = (type: string, value: Uint8Array): Uint8Array =>
  tlv(0xa0, objectIdentifier(type), tlv(0xa0, value));

const ia5 = (tag: number, text: string): Uint8Array => tlv(tag, Buffer.from(text, 'latin1'));

/** GeneralNames of requests and foreign certificates: as they are shown, and why they are not certified. */
const FOREIGN: readonly (readonly [der: Uint8Array, shown: string, wording: RegExp])[] = [
  [ia5(0x82, 'a_b.example'), 'DNS:a_b.example', /the character "_"/],
  [ia5(0x82, ''), 'DNS:', /must not be empty/],
  [ia5(0x82, ' '), 'DNS: ', /must consist of labels/],
  [ia5(0x82, 'faß.de'), raw`DNS:fa\xDF.de`, /must be written as "DNS:xn--fa-hia.de"/],
  [ia5(0x82, 'a\0.example'), raw`DNS:a\x00.example`, /U\+0000/],
  [ia5(0x82, '192.0.2.1'), 'DNS:192.0.2.1', /IP address/],
  [ia5(0x81, 'A <a@b.example>'), 'email:A <a@b.example>', /is a mail address/],
  [ia5(0x86, '/relative'), 'URI:/relative', /absolute/],
  [ia5(0x86, 'https://a.example/\u00e9'), raw`URI:https://a.example/\xE9`, /%HH/],
  [tlv(0x87, Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0)), 'IP:c0000200ffffff00', /4 or 16 octets/],
  [tlv(0x87), 'IP:', /4 or 16 octets/],
  [tlv(0x87, Buffer.from('00000000000000000000ffffc0000201', 'hex')), 'IP:::ffff:c000:201', /IPv4-mapped/],
  [tlv(0xa4, sequence()), 'dirName:/', /at least one attribute/],
  [
    tlv(0xa4, sequence(setOf(sequence(objectIdentifier(TYPE.C), utf8String('US'))))),
    'dirName:/C=US',
    /PrintableString/,
  ],
  [otherName('1.2.3', printableString('a')), 'otherName:1.2.3;PRINTABLE:a', /must have the form/],
  [otherName('1.2.3', utf8String('a\u202e')), raw`otherName:1.2.3;UTF8:a\xE2\x80\xAE`, /U\+202E/],
  [otherName('1.2.3', tlv(0x02, Uint8Array.of(1))), 'otherName:A00906022A03A003020101', /must have the form/],
  [otherName(UPN, utf8String('a b@c')), 'UPN:a b@c', /must have the form/],
  [otherName(UPN, utf8String('a\u202e@c')), raw`UPN:a\xE2\x80\xAE@c`, /U\+202E/],
  [otherName(UPN, ia5String('a@c')), `otherName:${UPN};IA5:a@c`, /with the prefix UPN:/],
  [otherName('1.3.6.1.5.5.7.8.9', utf8String('a@b.example')), 'SmtpUTF8Mailbox:a@b.example', /prefix email:/],
  [
    otherName('1.3.6.1.5.5.7.8.9', utf8String('ä@bücher.example')),
    'SmtpUTF8Mailbox:ä@bücher.example',
    /must be written as "SmtpUTF8Mailbox:ä@xn--bcher-kva.example"/,
  ],
  [otherName('1.3.6.1.5.5.7.8.7', ia5String('x.a.example')), 'SRV:x.a.example', /must have the form/],
  [
    otherName('1.3.6.1.5.2.2', utf8String('a@B')),
    'otherName:1.3.6.1.5.2.2;UTF8:a@B',
    /with the prefix KRB5:/,
  ],
  [otherName('1.3.6.1.5.2.2', sequence()), 'otherName:A00C06062B0601050202A0023000', /must have the form/],
  [tlv(0xa0, objectIdentifier('1.2.3')), 'otherName:A00406022A03', /kind otherName cannot be certified/],
  [tlv(0xa3), 'x400Address:A300', /kind x400Address/],
  [tlv(0xa5), 'ediPartyName:A500', /kind ediPartyName/],
];

t.test('foreign names are shown, and only what could be written as text is certified', async (t) => {
  for (const [der, shown, message] of FOREIGN) {
    const [name] = decodeGeneralNames(sequence(der));
    if (name === undefined) throw new Error('one name is expected');
    t.equal(formatGeneralName(name), shown);
    t.throws(() => checkGeneralName(name), { code: 'invalid-san', message }, shown);
  }
  // The case of letters is the requester's
  const good = [ia5(0x82, 'WWW.Example.com'), ia5(0x81, 'a@B.example')];
  checkGeneralNames(decodeGeneralNames(sequence(...good)));
  const names = decodeGeneralNames(sequence(...Array.from({ length: 101 }, () => ia5(0x82, 'a.example'))));
  checkGeneralNames(names.slice(1));
  t.throws(() => checkGeneralNames(names), { code: 'invalid-san', message: /at most 100/ });
});

t.test('what is no GeneralNames is refused', async (t) => {
  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['an empty list', sequence()],
    ['a SET', setOf(ia5(0x82, 'a'))],
    ['a universal type', sequence(utf8String('a'))],
    ['a constructed dNSName', sequence(tlv(0xa2, ia5(0x16, 'a')))],
    ['a primitive directoryName', sequence(ia5(0x84, 'a'))],
    ['a directoryName with two names', sequence(tlv(0xa4, sequence(), sequence()))],
    ['a directoryName that is no Name', sequence(tlv(0xa4, utf8String('a')))],
    ['a tag that no kind has', sequence(ia5(0x89, 'a'))],
    ['a registeredID that is no OID', sequence(tlv(0x88, Uint8Array.of(0x80, 1)))],
    ['a registeredID without arcs', sequence(tlv(0x88))],
    ['octets after the list', concat([sequence(ia5(0x82, 'a')), Uint8Array.of(0)])],
  ];
  for (const [what, der] of malformed)
    t.throws(() => decodeGeneralNames(checkDer(der)), { name: 'PkiError' }, what);
});
