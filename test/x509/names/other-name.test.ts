/** The kinds of otherName. OpenSSL encodes the same octets, and prints what it knows of them. */

import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { decodeGeneralNames, encodeGeneralNames } from '../../../src/x509/names/general-name-encoding.ts';
import { checkGeneralNames } from '../../../src/x509/names/general-name-check.ts';
import {
  formatGeneralName,
  parseGeneralName,
  parseGeneralNames,
} from '../../../src/x509/names/general-name.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import { testKind, type Accepted, type Refused } from './name-kinds.ts';

const UPN: Accepted = [
  ['UPN:user@example.com', 'user@example.com'],
  ['upn:User.Name@EXAMPLE', 'User.Name@EXAMPLE'],
  ['UPN:host/a@REALM', 'host/a@REALM'],
  ['UPN:jürgen@bücher.example', 'jürgen@bücher.example'],
  ['otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.com', 'user@example.com'],
  ['otherName:msUPN;UTF8String:user@example.com', 'user@example.com'],
];

const NOT_UPN: Refused = [
  ['UPN:', /must have the form user@example.com/],
  ['UPN:user', /must have the form user@example.com/],
  ['UPN:@example.com', /must have the form user@example.com/],
  ['UPN:a b@example.com', /must have the form user@example.com/],
  ['UPN:a@b@c', /must have the form user@example.com/],
  [`UPN:${'a'.repeat(250)}@b.example`, /at most 256 characters/],
  ['UPN:user@', /"" must not be empty/],
  ['UPN:user@a b', /must consist of labels/],
  ['otherName:msUPN;IA5:user@example.com', /must be written with the prefix UPN:/],
];

const MAILBOX: Accepted = [
  ['SmtpUTF8Mailbox:jürgen@example.com', 'jürgen@example.com'],
  ['smtputf8mailbox:老师@BÜCHER.example', '老师@xn--bcher-kva.example'],
  ['SmtpUTF8Mailbox:a.é+b@example.com', 'a.é+b@example.com'],
  ['otherName:id-on-SmtpUTF8Mailbox;UTF8:é@example.com', 'é@example.com'],
];

const NOT_MAILBOX: Refused = [
  ['SmtpUTF8Mailbox:a@example.com', /needs the prefix email:/],
  ['SmtpUTF8Mailbox:é', /local@domain/],
  ['SmtpUTF8Mailbox:@example.com', /local@domain/],
  ['SmtpUTF8Mailbox:é é@example.com', /local@domain/],
  ['SmtpUTF8Mailbox:é\u00a0é@example.com', /local@domain/],
  ['SmtpUTF8Mailbox:é..a@example.com', /local@domain/],
  ['SmtpUTF8Mailbox:"é"@example.com', /local@domain/],
  [`SmtpUTF8Mailbox:${'é'.repeat(33)}@example.com`, /at most 64 octets/],
  ['SmtpUTF8Mailbox:é@', /"" must not be empty/],
  ['SmtpUTF8Mailbox:e\u0301@example.com', /NFC/],
];

const SRV: Accepted = [
  ['SRV:_xmpp-client.example.com', '_xmpp-client.example.com'],
  ['srv:_IMAPS.Bücher.example', '_imaps.xn--bcher-kva.example'],
  ['SRV:_ldap.localhost', '_ldap.localhost'],
  ['otherName:1.3.6.1.5.5.7.8.7;IA5:_ldap.example.com', '_ldap.example.com'],
];

const NOT_SRV: Refused = [
  ['SRV:', /must have the form _xmpp-client/],
  ['SRV:xmpp-client.example.com', /must have the form _xmpp-client/],
  ['SRV:_xmpp-client', /must have the form _xmpp-client/],
  ['SRV:_xmpp-client._tcp.example.com', /without a protocol/],
  ['SRV:_.example.com', /must have the form _xmpp-client/],
  ['SRV:_123.example.com', /must have the form _xmpp-client/],
  ['SRV:_a--b.example.com', /must have the form _xmpp-client/],
  [`SRV:_${'a'.repeat(16)}.example.com`, /at most 15/],
  ['SRV:_ldap.*.example.com', /wildcard/],
  ['otherName:1.3.6.1.5.5.7.8.7;UTF8:_ldap.example.com', /must be written with the prefix SRV:/],
];

const KRB5: Accepted = [
  ['KRB5:user@EXAMPLE.COM', 'user@EXAMPLE.COM'],
  ['krb5:host/www.example.com@EXAMPLE.COM', 'host/www.example.com@EXAMPLE.COM'],
  ['KRB5:krbtgt/EXAMPLE.COM@EXAMPLE.COM', 'krbtgt/EXAMPLE.COM@EXAMPLE.COM'],
  ['KRB5:host/a@REALM', 'host/a@REALM'],
];

const NOT_KRB5: Refused = [
  ['KRB5:', /must have the form name@REALM/],
  ['KRB5:user', /must have the form name@REALM/],
  ['KRB5:@REALM', /must have the form name@REALM/],
  ['KRB5:user@', /must have the form name@REALM/],
  ['KRB5:host//a@REALM', /must have the form name@REALM/],
  ['KRB5:a b@REALM', /must have the form name@REALM/],
  ['KRB5:ü@REALM', /must have the form name@REALM/],
  [String.raw`KRB5:a\@b@REALM`, /must have the form name@REALM/],
  [`KRB5:${'a'.repeat(256)}@REALM`, /must have the form name@REALM/],
  ['otherName:1.3.6.1.5.2.2;UTF8:user@REALM', /must be written with the prefix KRB5:/],
];

const OTHER: Accepted = [
  ['otherName:1.2.3.4;UTF8:é', '1.2.3.4;UTF8:é'],
  ['othername:1.2.3.4;utf8string:a;b:c', '1.2.3.4;UTF8:a;b:c'],
  ['otherName:1.2.3.4;IA5STRING:a', '1.2.3.4;IA5:a'],
];

const NOT_OTHER: Refused = [
  ['otherName:', /must have the form otherName:1.2.3.4;UTF8:text/],
  ['otherName:1.2.3.4', /must have the form/],
  ['otherName:1.2.3.4;UTF8:', /must have the form/],
  ['otherName:1.2.3.4;PRINTABLE:a', /must have the form/],
  ['otherName:1.2.3.4;SEQUENCE:krb5', /must have the form/],
  ['otherName:1.2.3.4;FORMAT:HEX,OCT:00', /must have the form/],
  ['otherName:3.2;UTF8:a', /must have the form/],
  ['otherName:foo;UTF8:a', /must have the form/],
  [`otherName:1.2${'.3'.repeat(64)};UTF8:a`, /at most 128/],
  [`otherName:1.2.3.4;UTF8:${'a'.repeat(257)}`, /at most 256/],
  ['otherName:1.2.3.4;IA5:é', /must be ASCII/],
  ['otherName:1.2.3.4;UTF8:a\u202e', /U\+202E/],
];

testKind(t, 'UPN', UPN, NOT_UPN);
testKind(t, 'SmtpUTF8Mailbox', MAILBOX, NOT_MAILBOX);
testKind(t, 'SRV', SRV, NOT_SRV);
testKind(t, 'KRB5', KRB5, NOT_KRB5);
testKind(t, 'otherName', OTHER, NOT_OTHER);

const CONFIGURATION = `
[req]
distinguished_name = subject
req_extensions = extensions
[subject]
[extensions]
subjectAltName = @names
[names]
otherName.0 = 1.3.6.1.4.1.311.20.2.3;UTF8:user@example.com
otherName.1 = 1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:jürgen@example.com
otherName.2 = 1.3.6.1.5.5.7.8.7;IA5:_xmpp-client.example.com
otherName.3 = 1.3.6.1.5.2.2;SEQUENCE:host
otherName.4 = 1.3.6.1.5.2.2;SEQUENCE:kdc
otherName.5 = 1.2.3.4;UTF8:text
otherName.6 = 1.2.3.4;IA5:text
[host]
realm = EXP:0,GeneralString:EXAMPLE.COM
principal = EXP:1,SEQUENCE:host_name
[host_name]
type = EXP:0,INTEGER:1
strings = EXP:1,SEQUENCE:host_strings
[host_strings]
a = GeneralString:host
b = GeneralString:www.example.com
[kdc]
realm = EXP:0,GeneralString:EXAMPLE.COM
principal = EXP:1,SEQUENCE:kdc_name
[kdc_name]
type = EXP:0,INTEGER:2
strings = EXP:1,SEQUENCE:kdc_strings
[kdc_strings]
a = GeneralString:krbtgt
b = GeneralString:EXAMPLE.COM
`;

const NAMES = [
  'UPN:user@example.com',
  'SmtpUTF8Mailbox:jürgen@example.com',
  'SRV:_xmpp-client.example.com',
  'KRB5:host/www.example.com@EXAMPLE.COM',
  'KRB5:krbtgt/EXAMPLE.COM@EXAMPLE.COM',
  'otherName:1.2.3.4;UTF8:text',
  'otherName:1.2.3.4;IA5:text',
];

t.test('OpenSSL encodes the names alike', { skip: opensslMissing }, async (t) => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const files = {
    'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'request.conf': CONFIGURATION,
  };
  const args = ['req', '-new', '-config', 'request.conf', '-key', 'key.pem', '-subj', '/', '-outform', 'DER'];
  const { stdout, stderr } = await openssl(args, { files });
  const ours = encodeGeneralNames(parseGeneralNames(NAMES));
  t.ok(stdout.includes(Buffer.from(ours)), 'the request contains our octets', { stderr });
  t.same(decodeGeneralNames(ours).map(formatGeneralName), NAMES);
  checkGeneralNames(decodeGeneralNames(ours));
  const parsed = await openssl(['asn1parse', '-inform', 'DER', '-i'], { input: ours });
  t.match(parsed.stdout.toString(), /GENERALSTRING|UTF8STRING/);
});

t.test('each name is added once', async (t) => {
  const names = parseGeneralNames(['UPN:a@b', 'otherName:msUPN;UTF8:a@b', 'UPN:A@b', 'SRV:_A.b', 'SRV:_a.B']);
  t.same(names.map(formatGeneralName), ['UPN:a@b', 'UPN:A@b', 'SRV:_a.b']);
});

t.test('DNS names can have "_" if the caller allows it', async (t) => {
  const parse = (text: string) => formatGeneralName(parseGeneralName(text, { allowUnderscore: true }));
  for (const [text, canonical] of [
    ['my_service', 'my_service'],
    ['_sip._tcp.Example.com', '_sip._tcp.example.com'],
    ['server.DC_1.consul', 'server.dc_1.consul'],
    ['*.my_app.internal', '*.my_app.internal'],
    ['a_.münchen.de', 'a_.xn--mnchen-3ya.de'],
    ['www.example.com', 'www.example.com'],
  ] as const)
    t.equal(parse(text), `DNS:${canonical}`, text);
  for (const [text, message] of [
    ['a.my_tld', /"_" in its last label/],
    ['*.my_tld', /two labels after the wildcard/],
    ['-a_b.example', /labels with "_" of 1 to 63/],
    ['a_b-.example', /labels with "_" of 1 to 63/],
    ['ab--_c.example', /labels with "_" of 1 to 63/],
    [`${'_'.repeat(64)}.example`, /labels with "_" of 1 to 63/],
    [`${'_.'.repeat(126)}example`, /at most 253 characters/],
    ['ü_a.example', /labels with "_" of 1 to 63/],
    ['a_b..example', /"a_b\.\.example" must consist of labels/],
    ['a_b.example.', /must not end with a dot/],
    ['a_b.1', /must not end in a number/],
    ['a_b c.example', /must consist of labels/],
  ] as const)
    t.throws(() => parse(text), { code: 'invalid-san', message }, text);
});
