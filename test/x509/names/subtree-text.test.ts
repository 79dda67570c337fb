/** Name constraints as text, and as the octets that a relying party reads. */

import t from 'tap';
import { encodeNameConstraints } from '../../../src/x509/extensions/name-constraints-writer.ts';
import { readNameConstraints } from '../../../src/x509/extensions/name-constraints.ts';
import { parseSubtree } from '../../../src/x509/names/subtree-text.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** Returns the base of a GeneralSubtree, in hexadecimal. */
const baseOf = (text: string): string =>
  hex(encodeNameConstraints({ permitted: [parseSubtree(text)], excluded: [] }).subarray(6));

const ascii = (text: string): string => Buffer.from(text).toString('hex');

t.test('each kind is encoded with its tag', async (t) => {
  const table: [text: string, base: string][] = [
    ['DNS:Example.COM', `820b${ascii('example.com')}`],
    ['DNS:', '8200'],
    ['email:example.com', `810b${ascii('example.com')}`],
    ['email:.example.com', `810c${ascii('.example.com')}`],
    ['URI:.example.com', `860c${ascii('.example.com')}`],
    ['IP:192.0.2.0/24', '8708c0000200ffffff00'],
    ['IP:192.0.2.0/255.255.255.0', '8708c0000200ffffff00'],
    ['IP:0.0.0.0/0', '87080000000000000000'],
    ['IP:192.0.2.1/32', '8708c0000201ffffffff'],
    ['IP:10.128.0.0/9', '87080a800000ff800000'],
    ['IP:2001:db8::/32', `872020010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`],
    ['dirName:/O=a', 'a40e300c310a300806035504 0a0c0161'.replace(' ', '')],
  ];
  for (const [text, base] of table) t.equal(baseOf(text), base, text);
});

t.test('what is written is read as the same constraints', async (t) => {
  const permitted = ['DNS:example.com', 'IP:192.0.2.0/24', 'dirName:/C=US/O=a'].map(parseSubtree);
  const excluded = ['email:a.example', 'URI:.b.example'].map(parseSubtree);
  t.same(readNameConstraints(encodeNameConstraints({ permitted, excluded })), { permitted, excluded });
  t.same(readNameConstraints(encodeNameConstraints({ permitted: [], excluded })), {
    permitted: [],
    excluded,
  });
});

t.test('other texts are refused with what would be right', async (t) => {
  const table: [text: string, message: RegExp][] = [
    ['example.com', /must begin with DNS:, IP:, email:, URI: or dirName:, as in DNS:example\.com/],
    ['RID:1.2.3', /must begin with DNS:/],
    [
      'DNS:.example.com',
      /must not begin with a dot or a wildcard: "example\.com" includes the names below it/,
    ],
    ['DNS:*.example.com', /"example\.com" includes the names below it/],
    ['DNS:a_b.example', /the character "_"/],
    ['DNS:192.0.2.1', /is an IP address/],
    ['email:a@example.com', /must be a host or a domain, as in email:example\.com or email:\.example\.com/],
    ['URI:https://example.com/', /must be a host or a domain, as in URI:example\.com/],
    ['IP:192.0.2.1', /for one address write IP:192\.0\.2\.1\/32/],
    ['IP:2001:db8::1', /for one address write IP:2001:db8::1\/128/],
    ['IP:192.0.2.1/24', /must have no bits of the address beyond the mask/],
    ['IP:192.0.2.0/33', /a prefix length from 0 to 32/],
    ['IP:2001:db8::/129', /a prefix length from 0 to 128/],
    ['IP:192.0.2.0/255.0.255.0', /a prefix length from 0 to 32/],
    ['IP:192.0.2.0/ffff::', /a prefix length from 0 to 32/],
    ['IP:192.0.2.0/', /a prefix length from 0 to 32/],
    ['IP:network/24', /four decimal numbers/],
    ['dirName:', /RFC 4514|at least one attribute/],
    ['dirName:/', /at least one attribute/],
    ['DNS:a\u0000.example', /U\+0000/],
  ];
  for (const [text, message] of table)
    t.throws(() => parseSubtree(text), { code: 'invalid-extension', message }, text);
});
