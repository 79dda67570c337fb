import { domainToASCII } from 'node:url';
import * as fc from 'fast-check';
import t from 'tap';
import { toASCII } from 'tr46';
import { parseHostName } from '../../../src/x509/names/dns-name.ts';
import { testKind, type Accepted, type Refused } from './name-kinds.ts';

const label63 = 'a'.repeat(63);
const longest = `${label63}.${label63}.${label63}.${'a'.repeat(61)}`;

const DNS: Accepted = [
  ['DNS:www.example.com', 'www.example.com'],
  ['www.example.com', 'www.example.com'],
  ['dns:WWW.Example.COM', 'www.example.com'],
  ['localhost', 'localhost'],
  ['1.example', '1.example'],
  ['a.b-c.d1', 'a.b-c.d1'],
  [longest, longest],
  ['*.example.com', '*.example.com'],
  ['*.xn--fa-hia.de', '*.xn--fa-hia.de'],
  ['*.Faß.de', '*.xn--fa-hia.de'],
  ['faß.de', 'xn--fa-hia.de'],
  ['XN--FA-HIA.de', 'xn--fa-hia.de'],
  ['münchen.de', 'xn--mnchen-3ya.de'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['example。com', 'example.com'],
  ['ｅｘａｍｐｌｅ.com', 'example.com'],
  ['ايران.example', 'xn--mgba3a4fra.example'],
  ['l·l.example', 'xn--ll-0ea.example'],
  // Joiners where they have an effect (RFC 5892 appendix A)
  ['می\u200cخواهم.example', 'xn--mgbn2ecje63gr19l.example'],
  ['ශ්\u200dරී.example', 'xn--10cl1a0b660p.example'],
  ['क्\u200cष.example', 'xn--11b2ezcs70k.example'],
];

const NOT_DNS: Refused = [
  ['', /"" must not be empty/],
  ['DNS:', /"" must not be empty/],
  [' ', /must consist of labels/],
  ['DNS: a.example', /must have no spaces; write it as "DNS:a.example"/],
  ['a.example ', /must have no spaces; write it as "a.example"/],
  ['a_b.example', /contains the character "_".*dns_underscore/],
  ['*.a_b.example', /"\*\.a_b\.example" contains the character "_".*dns_underscore/],
  ['a_b c.example', /must consist of labels/],
  ['-a.example', /must consist of labels/],
  ['a-.example', /must consist of labels/],
  ['ab--c.example', /must consist of labels/],
  ['.example', /must consist of labels/],
  ['a..example', /must consist of labels/],
  ['a.example.', /must not end with a dot/],
  ['.', /must not end with a dot/],
  [`${'a'.repeat(64)}.example`, /must consist of labels/],
  [`${longest}a`, /at most 253 characters/],
  [`*.${longest.slice(1)}`, /at most 253 characters/],
  [`${'ü'.repeat(60)}.example`, /must consist of labels/],
  ['%61.example', /must consist of labels/],
  ['a@b.example', /is a mail address/],
  // Invalid A-labels, symbols, and labels of mixed scripts
  ['xn--a.example', /must consist of labels/],
  ['xn--.example', /must consist of labels/],
  ['xn--example-.com', /must consist of labels/],
  ['\u0301a.example', /must consist of labels/],
  ['☃.example', /symbol/],
  ['xn--n3h.example', /symbol/],
  ['\u{1f600}.example', /symbol/],
  ['pаypal.example', /must not mix/],
  ['xn--pypal-4ve.example', /must not mix/],
  ['gοοgle.example', /must not mix/],
  ['אa.example', /must consist of labels/],
  // Wildcards
  ['*', /wildcard/],
  ['*.com', /two labels after the wildcard/],
  ['a*.example.com', /wildcard/],
  ['*a.example.com', /wildcard/],
  ['*.*.example.com', /wildcard/],
  ['a.*.example.com', /wildcard/],
  ['**.example.com', /wildcard/],
  ['*..example.com', /must consist of labels/],
  ['*.xn--..', /must not end with a dot/],
  ['*.192.0.2.1', /IP address/],
  ['＊.example.com', /must consist of labels/],
  // IP addresses, and names that end in a number
  ['192.0.2.1', /IP address; write it as "IP:192.0.2.1"/],
  ['DNS:192.0.2.1', /IP address/],
  ['2001:db8::1', /write it as "IP:2001:db8::1"/],
  ['DNS:2001:db8::1', /IP address/],
  ['1.2.3', /must not end in a number/],
  ['0x7f.1', /must not end in a number/],
  ['1.2.3.0x7F', /must not end in a number/],
  ['0x', /must not end in a number/],
  ['example.1', /must not end in a number/],
  ['１.２.３.４', /must not end in a number/],
  // Texts that the old service copied into the configuration of OpenSSL
  ['a.example\nbasicConstraints=CA:TRUE', /U\+000A/],
  ['DNS:a.example\r\n[v3_ca]', /U\+000D/],
  ['${ENV::PATH}', /"\$\{ENV" is unknown/],
  ['DNS:${ENV::PATH}', /must consist of labels/],
  ['@alt_names', /must consist of labels/],
  ['DNS:@alt_names', /must consist of labels/],
  ['.include /etc/passwd', /must consist of labels/],
  ['a.example,IP:192.0.2.1', /has several names/],
  ['DNS:a.example,DNS:b.example', /has several names/],
  ['DNS.1=a.example', /is a line of a configuration file/],
];

testKind(t, 'DNS', DNS, NOT_DNS);

t.test('Node makes the same A-labels', async (t) => {
  for (const [text, canonical] of DNS) {
    const name = text.replace(/^dns:/i, '');
    if (!name.startsWith('*')) t.equal(domainToASCII(name), canonical);
  }
});

t.test('names of ASCII are taken and refused as UTS #46 takes and refuses them', async (t) => {
  const label = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', '-', 'x', '_', 'n'), maxLength: 65 });
  const letters = fc.constantFrom('com', 'Example', 'xn--a', 'xn--mnchen-3ya', 'a--b', 'ab--c', 'K', 'ſ');
  const names = fc.array(fc.oneof(label, letters), { minLength: 1, maxLength: 5 });
  const options = {
    useSTD3ASCIIRules: true,
    checkHyphens: true,
    checkBidi: true,
    checkJoiners: true,
    verifyDNSLength: true,
  };
  let taken = 0;
  fc.assert(
    fc.property(names, (labels) => {
      // What comes after keeps the rules out that are ours and not those of UTS #46.
      const name = `${labels.join('.')}.example`;
      const expected = name.length > 253 ? null : toASCII(name, options);
      if (expected === null) return void t.throws(() => parseHostName(name), { code: 'invalid-san' });
      taken += 1;
      t.equal(parseHostName(name), expected);
    }),
    { numRuns: 500 },
  );
  t.ok(taken > 50 && taken < 450, `${taken} of 500 are names`);
});
