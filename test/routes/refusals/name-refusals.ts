/** Names of new certificates: attribute types, joiners, kinds of alternative names, and the characters of each. */

import type { Refusals } from './refusal.ts';

export const NAME_REFUSALS: Refusals = {
  'an attribute type is a name or an OID': {
    refused: { subject: '/FOO=a' },
    pointer: '/subject',
    message: /"FOO" is unknown.*dotted OID/,
    accepted: { subject: '/1.2.3.4=a' },
  },
  'a value of any attribute is limited': {
    refused: { subject: `/1.2.3.4=${'a'.repeat(257)}` },
    pointer: '/subject',
    message: /at most 256 characters, not 257/,
    accepted: { subject: `/1.2.3.4=${'a'.repeat(256)}` },
  },
  'an attribute of a name is text': {
    refused: { subject: '/x500UniqueIdentifier=a' },
    pointer: '/subject',
    message: /its values are bit strings/,
    accepted: { subject: '/uniqueIdentifier=a/unstructuredName=b/telephoneNumber=1' },
  },
  'a joiner is between letters that join': {
    refused: { subject: '/CN=a\u200cb' },
    pointer: '/subject',
    message: /U\+200C/,
    accepted: { subject: '/CN=می\u200cخواهم', san: ['می\u200cخواهم.example'] },
  },
  'a joiner in a host name is after a virama': {
    refused: { san: ['a\u200db.example'] },
    pointer: '/san/0',
    message: /U\+200D/,
    accepted: { san: ['ශ්\u200dරී.example'] },
  },
  'a self-signed certificate has a subject': {
    refused: { subject: '', san: ['a.example'] },
    pointer: '/subject',
    message: /also the issuer of a self-signed certificate.*csr\/generate and csr\/sign/,
    accepted: { san: ['a.example'] },
  },
  'a UPN has a domain': {
    refused: { san: ['UPN:user'] },
    pointer: '/san/0',
    message: /must have the form user@example\.com/,
    accepted: { san: ['UPN:user@example.com'] },
  },
  'a mailbox in ASCII is an rfc822Name': {
    refused: { san: ['SmtpUTF8Mailbox:a@example.com'] },
    pointer: '/san/0',
    message: /needs the prefix email:/,
    accepted: { san: ['SmtpUTF8Mailbox:é@example.com', 'email:a@example.com'] },
  },
  'a mailbox in other letters is no rfc822Name': {
    refused: { san: ['email:é@example.com'] },
    pointer: '/san/0',
    message: /needs the prefix SmtpUTF8Mailbox:/,
    accepted: { san: ['SmtpUTF8Mailbox:é@example.com'] },
  },
  'a service name has no protocol': {
    refused: { san: ['SRV:_xmpp-client._tcp.example.com'] },
    pointer: '/san/0',
    message: /without a protocol such as _tcp/,
    accepted: { san: ['SRV:_xmpp-client.example.com'] },
  },
  'a Kerberos principal has a realm': {
    refused: { san: ['KRB5:host/www.example.com'] },
    pointer: '/san/0',
    message: /must have the form name@REALM/,
    accepted: { san: ['KRB5:host/www.example.com@EXAMPLE.COM'] },
  },
  'an otherName has a type and a string type': {
    refused: { san: ['otherName:1.2.3.4;text'] },
    pointer: '/san/0',
    message: /must have the form otherName:1\.2\.3\.4;UTF8:text/,
    accepted: { san: ['otherName:1.2.3.4;UTF8:text', 'otherName:1.2.3.4;IA5:text'] },
  },
  'a trust domain has no port': {
    refused: { san: ['URI:spiffe://cluster_1:80/a'] },
    pointer: '/san/0',
    message: /must have a trust domain/,
    accepted: { san: ['URI:spiffe://cluster_1/a'] },
  },
  'a DNS name has "_" by an option': {
    refused: { san: ['my_service'] },
    pointer: '/san/0',
    message: /"my_service" contains the character "_".*dns_underscore/,
    accepted: { san: ['my_service', '*.a_b.example'], dns_underscore: true },
  },
  'also with the option the last label has no "_"': {
    refused: { san: ['a.b_c'], dns_underscore: true },
    pointer: '/san/0',
    message: /"_" in its last label/,
    accepted: { san: ['a_b.c'], dns_underscore: true },
  },
};
