/** By the rule of a profile: an order that it lets in, and one that it stops. */

export interface ProfileRow {
  readonly document: object;
  readonly accepted: object;
  readonly refused: object;
  readonly pointer: string;
  readonly value?: string;
  /** The name of the row unless given. */
  readonly rule?: string;
}

const names = (...san: readonly string[]) => ({ san });

export const PROFILE_ROWS: Readonly<Record<string, ProfileRow>> = {
  'keys.algorithms': {
    document: { keys: { algorithms: ['ml-dsa-65', 'rsa', 'ecdsa-p256'] } },
    accepted: { ...names('a.example'), key_algorithm: 'rsa-2048' },
    refused: { ...names('a.example'), key_algorithm: 'ecdsa-p384' },
    pointer: '/key_algorithm',
    value: 'ecdsa-p384',
  },
  'keys.rsa_minimum_bits': {
    document: { keys: { rsa_minimum_bits: 3072 } },
    accepted: { ...names('a.example'), key_algorithm: 'rsa-3072' },
    refused: { ...names('a.example'), key_algorithm: 'rsa-2048' },
    pointer: '/key_algorithm',
    value: 'rsa-2048',
  },
  'names.kinds': {
    document: { names: { kinds: ['DNS'] } },
    accepted: names('a.example'),
    refused: names('a.example', 'email:a@a.example'),
    pointer: '/san/1',
    value: 'email:a@a.example',
  },
  'names.minimum': {
    document: { names: { minimum: 1 } },
    accepted: names('a.example'),
    refused: { subject: '/CN=a' },
    pointer: '/san',
    value: '0',
  },
  'names.maximum': {
    document: { names: { maximum: 1 } },
    accepted: names('a.example'),
    refused: names('a.example', 'b.example'),
    pointer: '/san',
    value: '2',
  },
  'names.dns.allow': {
    document: { names: { dns: { allow: ['*.example.com', 'example.com'] } } },
    accepted: names('example.com', 'A.example.com', '*.example.com'),
    refused: names('example.com', 'a.b.example.com'),
    pointer: '/san/1',
    value: 'DNS:a.b.example.com',
  },
  'names.dns.allow with two stars': {
    document: { names: { dns: { allow: ['**.example.com'] } } },
    accepted: names('a.example.com', 'a.b.example.com', '*.a.example.com'),
    refused: names('example.com'),
    pointer: '/san/0',
    rule: 'names.dns.allow',
  },
  'names.dns.allow does not match the end of a label': {
    document: { names: { dns: { allow: ['**.example.com'] } } },
    accepted: names('evil.example.com'),
    refused: names('evilexample.com'),
    pointer: '/san/0',
    rule: 'names.dns.allow',
  },
  'names.dns.allow, and a CN that is a host': {
    document: { names: { dns: { allow: ['**.example.com'] } } },
    accepted: { ...names('a.example.com'), subject: '/CN=Web server' },
    refused: { ...names('a.example.com'), subject: '/CN=www.example.org' },
    pointer: '/subject',
    value: 'DNS:www.example.org',
    rule: 'names.dns.allow',
  },
  'names.dns.deny': {
    document: { names: { dns: { allow: ['**.example.com'], deny: ['**.admin.example.com'] } } },
    accepted: names('admin.example.com'),
    refused: names('a.admin.example.com'),
    pointer: '/san/0',
  },
  'names.dns.deny, and a wildcard that contains the name': {
    document: { names: { dns: { deny: ['admin.example.com'] } } },
    accepted: names('*.a.example.com'),
    refused: names('*.example.com'),
    pointer: '/san/0',
    rule: 'names.dns.deny',
  },
  'names.dns.wildcards': {
    document: { names: { dns: { wildcards: false } } },
    accepted: names('a.example.com'),
    refused: names('*.example.com'),
    pointer: '/san/0',
  },
  'names.dns.underscore': {
    document: { names: { dns: { underscore: false } } },
    accepted: { ...names('a.example'), dns_underscore: true },
    refused: { ...names('a_b.example'), dns_underscore: true },
    pointer: '/san/0',
  },
  'names.other_names': {
    document: { names: { other_names: ['1.2.3.4'] } },
    accepted: names('otherName:1.2.3.4;UTF8:a', 'UPN:a@example.com'),
    refused: names('otherName:1.2.3.5;UTF8:a'),
    pointer: '/san/0',
    value: 'otherName:1.2.3.5;UTF8:a',
  },
  'names.kinds of otherName': {
    document: { names: { kinds: ['UPN', 'DNS'] } },
    accepted: names('UPN:a@example.com'),
    refused: names('SRV:_xmpp.example.com'),
    pointer: '/san/0',
    rule: 'names.kinds',
  },
  'names.ip.allow': {
    document: { names: { ip: { allow: ['10.0.0.0/8', '2001:db8::/32'] } } },
    accepted: names('IP:10.255.0.1', 'IP:2001:db8::1', 'a.example'),
    refused: names('IP:11.0.0.1'),
    pointer: '/san/0',
    value: 'IP:11.0.0.1',
  },
  'names.ip.deny': {
    document: { names: { ip: { deny: ['10.0.0.0/24'] } } },
    accepted: names('IP:10.0.1.0'),
    refused: names('IP:10.0.0.255'),
    pointer: '/san/0',
  },
  'names.email.allow': {
    document: { names: { email: { allow: ['*@*.example.com', 'ca@example.com'] } } },
    accepted: names('email:any@a.example.com', 'email:ca@example.com'),
    refused: names('email:other@example.com'),
    pointer: '/san/0',
  },
  'names.email.deny, and emailAddress': {
    document: { names: { email: { deny: ['root@example.com'] } } },
    accepted: { subject: '/emailAddress=a@example.com' },
    refused: { subject: '/emailAddress=root@example.com' },
    pointer: '/subject',
    rule: 'names.email.deny',
  },
  'names.uri.allow': {
    document: { names: { uri: { allow: ['https://**.example.com/tenants/*', 'spiffe://example.org/**'] } } },
    accepted: names('URI:https://a.example.com/tenants/1', 'URI:spiffe://example.org/a/b'),
    refused: names('URI:https://a.example.com/tenants/1/2'),
    pointer: '/san/0',
  },
  'names.uri.allow, and a query that looks like a host': {
    document: { names: { uri: { allow: ['https://**.example.com/**'] } } },
    accepted: names('URI:https://a.example.com/x?y'),
    refused: names('URI:https://evil.example?.example.com/x'),
    pointer: '/san/0',
    rule: 'names.uri.allow',
  },
  'names.uri.deny': {
    document: { names: { uri: { deny: ['https://*.example.com/*'] } } },
    accepted: names('URI:https://example.com/a'),
    refused: names('URI:https://a.example.com/a'),
    pointer: '/san/0',
  },
  'subject.attributes.O.presence': {
    document: { subject: { attributes: { O: { presence: 'required' } } } },
    accepted: { subject: '/CN=a/O=b' },
    refused: { subject: '/CN=a' },
    pointer: '/subject',
  },
  'subject.attributes.organizationalUnitName.presence': {
    document: { subject: { attributes: { organizationalUnitName: { presence: 'forbidden' } } } },
    accepted: { subject: '/CN=a' },
    refused: { subject: '/CN=a/OU=b' },
    pointer: '/subject',
    value: 'OU=b',
  },
  'subject.attributes.O.fixed': {
    document: { subject: { attributes: { O: { fixed: 'Example Org' } } } },
    accepted: { subject: '/CN=a' },
    refused: { subject: '/CN=a/O=Other' },
    pointer: '/subject',
    value: 'O=Other',
  },
  'subject.attributes.C.values': {
    document: { subject: { attributes: { C: { values: ['DE', 'US'] } } } },
    accepted: { subject: '/CN=a/C=US' },
    refused: { subject: '/CN=a/C=FR' },
    pointer: '/subject',
    value: 'C=FR',
  },
  'subject.attributes.CN.values': {
    document: { subject: { attributes: { CN: { values: ['*.example.com'] } } } },
    accepted: { subject: '/CN=a.example.com' },
    refused: { subject: '/CN=a.b.example.com' },
    pointer: '/subject',
  },
  'subject.attributes.CN.from_san': {
    document: { subject: { attributes: { CN: { from_san: true } } } },
    accepted: { ...names('a.example'), subject: '/CN=A.example' },
    refused: { ...names('a.example'), subject: '/CN=b.example' },
    pointer: '/subject',
    value: 'CN=b.example',
  },
  'subject.others': {
    document: { subject: { attributes: { CN: {} }, others: 'forbidden' } },
    accepted: { subject: '/CN=a' },
    refused: { subject: '/CN=a/L=b' },
    pointer: '/subject',
    value: 'L=b',
  },
  'validity.maximum of days': {
    document: { validity: { maximum: 'P90D' } },
    accepted: { ...names('a.example'), days: 90 },
    refused: { ...names('a.example'), days: 91 },
    pointer: '/days',
    rule: 'validity.maximum',
  },
  'validity.maximum of a duration': {
    document: { validity: { maximum: 'PT12H' } },
    accepted: names('a.example'),
    refused: { ...names('a.example'), validity: 'P1D' },
    pointer: '/validity',
    rule: 'validity.maximum',
  },
  'validity.maximum of a CA with an end': {
    document: { extends: 'ca', validity: { maximum: 'P1Y' } },
    accepted: { subject: '/CN=a' },
    refused: {
      subject: '/CN=a',
      not_after: new Date(Date.now() + 367 * 86_400_000).toISOString().replace(/\.\d+/, ''),
    },
    pointer: '/not_after',
    rule: 'validity.maximum',
  },
  key_usage: {
    document: { extends: 'custom', key_usage: ['digitalSignature', 'nonRepudiation'] },
    accepted: { ...names('a.example'), key_usage: ['nonRepudiation'] },
    refused: {
      ...names('a.example'),
      key_usage: ['digitalSignature', 'keyEncipherment'],
      key_algorithm: 'rsa-2048',
    },
    pointer: '/key_usage/1',
    value: 'keyEncipherment',
  },
  extended_key_usage: {
    document: { extends: 'tls' },
    accepted: { ...names('a.example'), extended_key_usage: ['serverAuth'] },
    refused: { ...names('a.example'), extended_key_usage: ['serverAuth', 'codeSigning'] },
    pointer: '/extended_key_usage/1',
    value: 'codeSigning',
  },
  'extensions.ocsp': {
    document: { extensions: { ocsp: ['http://ocsp.example.com/'] } },
    accepted: { ...names('a.example'), extensions: { ocsp: ['http://ocsp.example.com/'] } },
    refused: { ...names('a.example'), extensions: { ocsp: ['http://evil.example/'] } },
    pointer: '/extensions/ocsp',
  },
  'cabf-tls.names.kinds': {
    document: { narrow: ['cabf-tls'] },
    accepted: names('a.example'),
    refused: names('a.example', 'URI:https://a.example/'),
    pointer: '/san/1',
  },
  'cabf-tls.names.ip.deny': {
    document: { narrow: ['cabf-tls'] },
    accepted: names('IP:8.8.8.8'),
    refused: names('IP:192.168.0.1'),
    pointer: '/san/0',
  },
  'cabf-tls.subject.attributes.CN.from_san': {
    document: { narrow: ['cabf-tls'] },
    accepted: { ...names('a.example'), subject: '/CN=a.example' },
    refused: { ...names('a.example'), subject: '/CN=b.example' },
    pointer: '/subject',
  },
};
