/** Requests as people write them who know another program, and the errors for them. */

const LABELS =
  'must consist of labels of 1 to 63 letters, digits and inner hyphens, with at most 253 characters in total';

/** One name in `san`, and the end of the sentence that begins with the name in quotation marks. */
export const NAMES: readonly (readonly [name: string, predicate: string])[] = [
  ['IP:[2001:db8::1]', 'must have no brackets; write it as "IP:2001:db8::1"'],
  ['[2001:db8::1]', 'must have no brackets; write it as "IP:2001:db8::1"'],
  ['[2001:db8::1]:443', 'must have no brackets and no port; write it as "IP:2001:db8::1"'],
  ['2001:db8::1', 'is an IP address; write it as "IP:2001:db8::1"'],
  ['DNS:192.0.2.1', 'is an IP address; write it as "IP:192.0.2.1"'],
  ['alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  ['DNS:alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  ['mailto:alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  [
    'https://www.example.com/a',
    'is a URI; write it as "URI:https://www.example.com/a" or "DNS:www.example.com"',
  ],
  ['https://example.com:8443', 'is a URI; write it as "URI:https://example.com:8443" or "DNS:example.com"'],
  ['spiffe://example.org/service', 'is a URI; write it as "URI:spiffe://example.org/service"'],
  ['urn:example:a', 'is a URI; write it as "URI:urn:example:a"'],
  ['URL:https://example.com/', 'has an unknown prefix; write it as "URI:https://example.com/"'],
  ['example.com:8443', 'must have no port; write it as "DNS:example.com"'],
  ['DNS:example.com:8443', 'must have no port; write it as "DNS:example.com"'],
  ['*.example.com:443', 'must have no port; write it as "DNS:*.example.com"'],
  ['localhost:8443', 'must have no port; write it as "DNS:localhost"'],
  ['192.0.2.1:443', 'must have no port; write it as "IP:192.0.2.1"'],
  ['IP:192.0.2.1:443', 'must have no port; write it as "IP:192.0.2.1"'],
  ['DNS.1:www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['DNS.1=www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['DNS.12 = www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['IP.1 = 192.0.2.1', 'is a line of a configuration file; write it as "IP:192.0.2.1"'],
  ['DNS=www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['subjectAltName=DNS:a.example', 'must not begin with "subjectAltName"; write it as "DNS:a.example"'],
  ['rfc822Name:alice@example.com', 'has an unknown prefix; write it as "email:alice@example.com"'],
  ['dNSName:www.example.com', 'has an unknown prefix; write it as "DNS:www.example.com"'],
  ['iPAddress:192.0.2.1', 'has an unknown prefix; write it as "IP:192.0.2.1"'],
  ['IPv6:[2001:db8::1]', 'has an unknown prefix; write it as "IP:2001:db8::1"'],
  [
    'uniformResourceIdentifier:https://a.example/',
    'has an unknown prefix; write it as "URI:https://a.example/"',
  ],
  ['registeredID:1.2.3', 'has an unknown prefix; write it as "RID:1.2.3"'],
  ['directoryName:/CN=a', 'has an unknown prefix; write it as "dirName:/CN=a"'],
  ['FQDN:a.example', 'has an unknown prefix; write it as "DNS:a.example"'],
  ['CN:a.example', 'has an unknown prefix; write it as "DNS:a.example"'],
  ['RFC822:alice@example.com', 'has an unknown prefix; write it as "email:alice@example.com"'],
  ['msUPN:alice@example.com', 'has an unknown prefix; write it as "UPN:alice@example.com"'],
  ['otherName:UPN:alice@example.com', 'has an unknown prefix; write it as "UPN:alice@example.com"'],
  ['KRB5PrincipalName:alice@EXAMPLE', 'has an unknown prefix; write it as "KRB5:alice@EXAMPLE"'],
  ['DNS:DNS:a.example', 'must have one prefix; write it as "DNS:a.example"'],
  ['DNS:IP:192.0.2.1', 'must have one prefix; write it as "IP:192.0.2.1"'],
  ['::ffff:192.0.2.1', 'is an IPv4 address in the form of IPv6; write it as "IP:192.0.2.1"'],
  ['1.3.6.1.4.1', 'is an OID; write it as "RID:1.3.6.1.4.1"'],
  ['fe80::1%eth0', 'must have no zone; write it as "IP:fe80::1"'],
  ['Alice <alice@example.com>', 'is a mail address; write it as "email:alice@example.com"'],
  ['email=alice@example.com', 'is a line of a configuration file; write it as "email:alice@example.com"'],
  ['RFC822 Name=alice@example.com', 'has an unknown prefix; write it as "email:alice@example.com"'],
  ['IP Address=192.0.2.1', 'has an unknown prefix; write it as "IP:192.0.2.1"'],
  ['DNS Name=a.example', 'has an unknown prefix; write it as "DNS:a.example"'],
  ['www.example.com:443/a', 'must have no path; write it as "DNS:www.example.com"'],
  ['//www.example.com/', 'must have no path; write it as "DNS:www.example.com"'],
  ['www.example.com.', 'must not end with a dot; write it as "DNS:www.example.com"'],
  ['*.example.com.', 'must not end with a dot; write it as "DNS:*.example.com"'],
  ['www.example.com,', 'must not end with a comma or semicolon; write it as "www.example.com"'],
  ['critical,DNS:a.example', 'must not begin with "critical"; write it as "DNS:a.example"'],
  ['SAN=DNS:a.example', 'must not begin with "SAN"; write it as "DNS:a.example"'],
  ['CN=a.example', 'is an attribute of a subject; write it as "DNS:a.example"'],
  ['/CN=a/O=b', 'is a distinguished name; write it as "dirName:/CN=a/O=b"'],
  ['tag:example.com,2026:a', 'is a URI; write it as "URI:tag:example.com,2026:a"'],
  ["'DNS:a.example'", 'must have no quotation marks; write it as "DNS:a.example"'],
  [
    'alice@example.com, https://a.example/',
    'has several names; write each as a string of its own: "email:alice@example.com", "URI:https://a.example/"',
  ],
  ['DNS: www.example.com', 'must have no spaces; write it as "DNS:www.example.com"'],
  [' www.example.com', 'must have no spaces; write it as "www.example.com"'],
  [
    'DNS:a.example,DNS:b.example',
    'has several names; write each as a string of its own: "DNS:a.example", "DNS:b.example"',
  ],
  [
    'subjectAltName=DNS:a.example, IP:192.0.2.1',
    'has several names; write each as a string of its own: "DNS:a.example", "IP:192.0.2.1"',
  ],
  [
    'a.example b.example;c.example',
    'has several names; write each as a string of its own: "a.example", "b.example", …',
  ],
];

/** Other members, and names without a correction. */
export const MEMBERS: readonly (readonly [members: object, pointer: string, message: string])[] = [
  ...[
    ['State', 'ST'],
    ['country', 'C'],
    ['Organization', 'O'],
    ['organizational_unit', 'OU'],
    ['common name', 'CN'],
    ['CN ', 'CN'],
    ['city', 'L'],
    ['serial-number', 'serialNumber'],
  ].map(
    ([type, meant]) =>
      [
        { subject: `/${type}=a` },
        '/subject',
        `The attribute type "${type}" is unknown; did you mean ${meant}?`,
      ] as const,
  ),
  [
    { san: 'DNS:a.example' },
    '/san',
    'must be an array of at most 100 strings, not one string; write it in brackets, as in ["DNS:www.example.com","IP:192.0.2.1"]',
  ],
  [
    { san: ['my_host.example.com'] },
    '/san/0',
    `The DNS name "my_host.example.com" contains the character "_", which the names of hosts must not have; set the member dns_underscore to true to allow it`,
  ],
  [{ san: ['a b.example'] }, '/san/0', `The DNS name "a b.example" contains a space; it ${LABELS}`],
  [{ san: ['a/b.example'] }, '/san/0', `The DNS name "a/b.example" contains "/"; it ${LABELS}`],
  [
    { san: ['*.my_host.example'] },
    '/san/0',
    `The DNS name "*.my_host.example" contains the character "_", which the names of hosts must not have; set the member dns_underscore to true to allow it`,
  ],
  [{ san: ['DNS:*.-a.example'] }, '/san/0', `The DNS name "*.-a.example" ${LABELS}`],
  [{ san: ['*.-a.example.'] }, '/san/0', 'The DNS name "*.-a.example." must not end with a dot'],
  [
    { subject: '"/CN=a"' },
    '/subject',
    'The name ""/CN=a"" must have no quotation marks; write it as "/CN=a"',
  ],
  [{ subject: '//CN=a' }, '/subject', 'The name "//CN=a" must begin with one slash; write it as "/CN=a"'],
  [
    { subject: '-subj /CN=a' },
    '/subject',
    'The name "-subj /CN=a" must not begin with "-subj"; write it as "/CN=a"',
  ],
  [
    { subject: 'https://a.example/' },
    '/subject',
    'The name "https://a.example/" is a URI; write it as "/CN=a.example"',
  ],
  [
    { subject: 'DNS:a.example' },
    '/subject',
    'The name "DNS:a.example" is an alternative name; write it as "/CN=a.example"',
  ],
  [
    { subject: 'CN a.example' },
    '/subject',
    'The name "CN a.example" must have "=" after the attribute type; write it as "/CN=a.example"',
  ],
  [
    { san: ['alice@my_host.example'] },
    '/san/0',
    `The DNS name "alice@my_host.example" contains "@"; it ${LABELS}`,
  ],
  [
    { subject: 'www.example.com' },
    '/subject',
    'The name "www.example.com" has no attribute; write it as "/CN=www.example.com"',
  ],
  [
    { subject: '/www.example.com' },
    '/subject',
    'The name "/www.example.com" has no attribute; write it as "/CN=www.example.com"',
  ],
  [
    { subject: 'Example Org' },
    '/subject',
    'The name "Example Org" has no attribute; write it as "/CN=Example Org"',
  ],
  [
    { subject: 'CN: a.example' },
    '/subject',
    'The name "CN: a.example" must have "=" after the attribute type; write it as "/CN=a.example"',
  ],
  [
    { subject: 'subject=CN = a' },
    '/subject',
    'The name "subject=CN = a" must begin with an attribute; write it as "CN = a"',
  ],
  [
    { subject: '/C=us/CN=a' },
    '/subject',
    'The attribute C must be a PrintableString of the two capital letters of ISO 3166-1, such as US; write US',
  ],
  [
    { subject: `/CN=${'a'.repeat(65)}` },
    '/subject',
    'The attribute CN must have at most 64 characters, not 65; put a longer name into the subject alternative names (san)',
  ],
];

/** A body, and what the sentence says after "The body is not valid JSON: ". */
export const BODIES: readonly (readonly [body: string, message: string])[] = [
  ["{'subject': '/CN=a'}", 'expected a member name in double quotes at line 1, column 2'],
  ['{subject: "/CN=a"}', 'expected a member name in double quotes at line 1, column 2'],
  ['{"subject": \'/CN=a\'}', 'expected a string in double quotes at line 1, column 13'],
  ['{"subject": "/CN=a",\n}', 'expected another member after the comma at line 2, column 1'],
  [
    '{"is_ca": True}',
    'expected a string in double quotes, a number, true, false or null at line 1, column 11',
  ],
  [
    '{"csr": "-----BEGIN\n"}',
    String.raw`expected an escape such as \n in place of a line break in a string at line 1, column 20`,
  ],
  ['{"subject": "/CN=a"\n "days": 1}', 'expected `,` or `}` at line 2, column 2'],
  ['{"subject": "/CN=a"', 'expected `,` or `}` at line 1, column 20, where the body ends'],
  ['subject=/CN=a', 'expected a string in double quotes, a number, true, false or null at line 1, column 1'],
];
