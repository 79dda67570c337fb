/** Patterns of profiles: what each one contains, and what is close to it. */

import t from 'tap';
import { matchesDnsName, parseDnsPattern, touchesDnsName } from '../../src/policy/dns-pattern.ts';
import { parseNetwork } from '../../src/policy/network.ts';
import {
  callerPattern,
  mailboxPattern,
  starPattern,
  uriPattern,
  valuePattern,
} from '../../src/policy/text-pattern.ts';
import { parseIpAddress } from '../../src/x509/names/ip-address.ts';

type Row = readonly [pattern: string, inside: readonly string[], outside: readonly string[]];

const check = (title: string, rows: readonly Row[], patternOf: (text: string) => (text: string) => boolean) =>
  t.test(title, async (t) => {
    for (const [pattern, inside, outside] of rows) {
      const matches = patternOf(pattern);
      for (const text of inside) t.ok(matches(text), `${pattern} contains ${text}`);
      for (const text of outside) t.notOk(matches(text), `${pattern} does not contain ${text}`);
    }
  });

check(
  'DNS names',
  [
    ['a.example', ['a.example', 'A.EXAMPLE'], ['b.a.example', 'example', '*.a.example', 'xa.example']],
    [
      '*.a.example',
      ['b.a.example', '*.a.example'],
      ['a.example', 'c.b.a.example', '*.b.a.example', 'ba.example'],
    ],
    [
      '**.a.example',
      ['b.a.example', 'c.b.a.example', '*.b.a.example'],
      ['a.example', 'ba.example', '.a.example'],
    ],
  ],
  (text) => {
    const pattern = parseDnsPattern(text);
    return (name) => matchesDnsName(pattern, name);
  },
);

check(
  'DNS names that a wildcard stands for',
  [
    ['b.a.example', ['b.a.example', '*.a.example'], ['*.b.a.example', '*.example', 'c.a.example']],
    ['*.a.example', ['*.a.example', 'b.a.example'], ['*.b.a.example']],
  ],
  (text) => {
    const pattern = parseDnsPattern(text);
    return (name) => touchesDnsName(pattern, name);
  },
);

check(
  'mailboxes',
  [
    ['a@b.example', ['a@b.example', 'a@B.example'], ['A@b.example', 'a@c.example', 'b.example']],
    ['*@*.b.example', ['x@c.b.example'], ['x@b.example', 'x@d.c.b.example', '@c.b.example']],
  ],
  mailboxPattern,
);

check(
  'URIs',
  [
    ['urn:a:b', ['urn:a:b'], ['urn:a:c', 'urn:a:b:c']],
    ['https://a.example/b', ['https://a.example/b'], ['https://a.example/b/', 'https://a.example/b?c']],
    [
      'https://*.a.example/b/*',
      ['https://x.a.example/b/c', 'HTTPS://X.A.example/b/c'],
      [
        'http://x.a.example/b/c',
        'https://a.example/b/c',
        'https://x.a.example/b/',
        'https://x.a.example/b/c/d',
        'https://x.a.example/b/..',
        'https://x.a.example/b/%2e%2E',
        'https://user@x.a.example/b/c',
        'https://x.a.example:444/b/c',
        'https://evil.example#.a.example/b/c',
        'https://evil.example?.a.example/b/c',
      ],
    ],
    [
      'spiffe://a.example/**',
      ['spiffe://a.example/b', 'spiffe://a.example/b/c'],
      ['spiffe://a.example', 'spiffe://a.example/', 'spiffe://b.example/c', 'spiffe://a.example/b/../c'],
    ],
  ],
  uriPattern,
);

check(
  'callers',
  [
    ['ci', ['ci'], ['ci-1', 'CI', '']],
    ['ci-*', ['ci-', 'ci-1'], ['ci', 'xci-1']],
    ['*', ['', 'x'], []],
    ['a*b*a', ['aba', 'axbxa', 'abba'], ['ab', 'aa', 'a', 'abax']],
    ['a*a', ['aa', 'aba'], ['a']],
    ['a.c', ['a.c'], ['abc']],
  ],
  starPattern,
);

check(
  'ids of callers',
  [
    ['key:a', ['key:a'], ['key:b', 'token:a']],
    ['token:ci-*', ['token:ci-1'], ['token:web', 'key:ci-1']],
    ['*:a', ['key:a', 'token:a'], ['anonymous']],
    ['anonymous', ['anonymous'], ['key:anonymous']],
  ],
  callerPattern,
);

check(
  'values of attributes',
  [
    ['Example Org', ['Example Org'], ['example org', 'Example Org ']],
    ['*.a.example', ['b.a.example'], ['*.example', 'a.example']],
  ],
  valuePattern,
);

check(
  'networks',
  [
    ['10.0.0.0/8', ['10.255.255.255'], ['11.0.0.0', '::a00:1', '2001:db8::1']],
    ['192.0.2.5/32', ['192.0.2.5'], ['192.0.2.4']],
    ['2001:db8::/33', ['2001:db8::1', '2001:db8:7fff::'], ['2001:db8:8000::', '32.1.13.184']],
    ['0.0.0.0/0', ['8.8.8.8'], ['::1']],
  ],
  (text) => {
    const network = parseNetwork(text);
    return (address) => network(parseIpAddress(address));
  },
);

t.test('a pattern that means nothing is refused', async (t) => {
  for (const text of ['', '*', 'a.*.example', '***.example', 'a*.example', '*.'])
    t.throws(() => parseDnsPattern(text), { name: 'PkiError' }, text);
  for (const text of ['', '10.0.0.0', '10.0.0.1/8', '10.0.0.0/33', 'IP:10.0.0.0/8'])
    t.throws(() => parseNetwork(text), { code: 'invalid-profile-document' }, text);
  for (const text of ['example.com', '@example.com', '*@'])
    t.throws(() => mailboxPattern(text), { name: 'PkiError' }, text);
  for (const text of [
    '*',
    '//a.example',
    'urn:*',
    'https://a.example/b*',
    'https://a.example/**/b',
    'https://a/?b=*',
  ])
    t.throws(() => uriPattern(text), { code: 'invalid-profile-document' }, text);
  for (const text of ['1a2b3c4d', 'ci-*', 'anonymous1', 'Key:1a2b3c4d'])
    t.throws(() => callerPattern(text), { code: 'invalid-profile-document' }, text);
});
