import t from 'tap';
import { matcherOf } from '../../../src/x509/path/name-matcher.ts';
import { openDomain } from '../../support/domain.ts';
import { isWithin, judge, type Row } from './constraint-rows.ts';

const { keys } = await openDomain(t);
const caKey = await keys.generate('ml-dsa-44');

const HOSTS: readonly Row[] = [
  {
    permitted: ['DNS:example.com'],
    within: [
      'example.com',
      'a.example.com',
      'a.b.example.com',
      '*.example.com',
      'A.EXAMPLE.COM',
      'IP:192.0.2.1',
      'email:a@b.test',
      'subject:/CN=A Name',
      'subject:/CN=www.example.com',
    ],
    outside: ['example.org', 'badexample.com', 'com', '*.com.test', 'subject:/CN=www.example.org'],
  },
  { permitted: ['DNS:.example.com'], within: ['a.example.com'], outside: ['example.com', 'aexample.com'] },
  { permitted: ['DNS:EXAMPLE.com', 'DNS:b.test'], within: ['a.example.com', 'b.test'], outside: ['c.test'] },
  {
    excluded: ['DNS:bad.example.com'],
    within: ['example.com', 'xbad.example.com', 'subject:/CN=good.example.com'],
    outside: ['bad.example.com', 'a.bad.example.com', '*.bad.example.com', 'subject:/CN=bad.example.com'],
  },
  {
    permitted: ['DNS:example.com'],
    excluded: ['DNS:bad.example.com', 'email:b.test'],
    within: ['good.example.com', 'email:a@c.test'],
    outside: ['bad.example.com', 'example.org', 'email:a@b.test'],
  },
  { permitted: ['DNS:'], within: ['a.test'], outside: [] },
  { excluded: ['DNS:'], within: ['IP:192.0.2.1'], outside: ['a.test'] },
];

const MAIL_AND_URIS: readonly Row[] = [
  {
    permitted: ['email:example.com'],
    within: ['email:a@example.com', 'subject:/CN=a/emailAddress=a@example.com', 'b.test'],
    outside: [
      'email:a@b.example.com',
      'email:a@example.org',
      'subject:/CN=a/emailAddress=a@example.org',
      'subject:/CN=a/emailAddress=example',
    ],
  },
  { permitted: ['email:.example.com'], within: ['email:a@b.example.com'], outside: ['email:a@example.com'] },
  {
    permitted: ['email:a@Example.com'],
    within: ['email:a@example.com'],
    outside: ['email:b@example.com', 'email:A@example.com'],
  },
  { excluded: ['email:example.com'], within: ['email:a@b.example.com'], outside: ['email:a@example.com'] },
  { permitted: ['email:'], within: ['a.test'], outside: ['email:a@example.com'] },
  {
    permitted: ['URI:example.com'],
    within: ['URI:https://example.com/a', 'URI:ldap://EXAMPLE.com:8443/b', 'b.test'],
    outside: [
      'URI:https://a.example.com/',
      'URI:https://example.org/example.com',
      'URI:urn:a:b',
      'URI:https://192.0.2.1/',
      'URI:https://[2001:db8::1]/',
      'URI:https:/example.com/',
    ],
  },
  {
    permitted: ['URI:.example.com'],
    within: ['URI:https://a.example.com/'],
    outside: ['URI:https://example.com/'],
  },
  {
    excluded: ['URI:example.com'],
    within: ['URI:https://example.org/'],
    outside: ['URI:https://example.com/a', 'URI:urn:a:b'],
  },
];

const OTHER_KINDS: readonly Row[] = [
  {
    permitted: ['IP:192.0.2.0/255.255.255.0'],
    within: ['IP:192.0.2.0', 'IP:192.0.2.255', 'a.test'],
    outside: ['IP:192.0.3.1', 'IP:2001:db8::1'],
  },
  {
    permitted: ['IP:2001:db8::/ffff:ffff::'],
    within: ['IP:2001:db8:1::1'],
    outside: ['IP:2001:db9::1', 'IP:192.0.2.1'],
  },
  { excluded: ['IP:0.0.0.0/0.0.0.0'], within: ['IP:2001:db8::1'], outside: ['IP:192.0.2.1'] },
  {
    permitted: ['dirName:/C=US/O=Example Org'],
    within: [
      'subject:/C=US/O=Example Org',
      'subject:/C=US/O=Example Org/CN=a',
      'dirName:/C=US/O=Example Org/CN=a',
      'subject:/C=US/O=  EXAMPLE   org /CN=a',
      'a.test',
    ],
    outside: ['subject:/C=US', 'subject:/O=Example Org/C=US', 'subject:/C=DE/O=Example Org', 'dirName:/CN=a'],
  },
  {
    excluded: ['dirName:/C=US/O=Example Org'],
    within: ['subject:/C=US/CN=a'],
    outside: ['subject:/C=US/O=example org/CN=a'],
  },
  {
    // in DER, CN stands first in the base, and OU in what has more spaces
    permitted: ['dirName:/CN=a a+OU=bbb'],
    within: ['subject:/OU=bbb+CN=a a/O=c', 'subject:/CN=a   a+OU=bbb'],
    outside: ['subject:/CN=a a/OU=bbb', 'subject:/CN=a a'],
  },
  { permitted: ['RID:*'], within: ['a.test'], outside: ['RID:1.2.3'] },
];

t.test('host names', judge(caKey, HOSTS));
t.test('mailboxes and URIs', judge(caKey, MAIL_AND_URIS));
t.test('addresses, names of directories, and what cannot be matched', judge(caKey, OTHER_KINDS));

t.test('what could stand for an excluded name is excluded, too', async (t) => {
  const hosts = { excluded: ['DNS:a.example.com'] };
  t.notOk(isWithin(hosts, '*.example.com'), 'a wildcard stands for that host');
  t.ok(isWithin(hosts, '*.b.example.com'));
  t.ok(isWithin({ excluded: ['DNS:a.b.example.com'] }, '*.example.com'), 'a wildcard stands for one label');
  t.ok(isWithin({ excluded: ['DNS:.a.example.com'] }, '*.example.com'));
  t.notOk(isWithin({ excluded: ['email:'] }, 'email:a@example.com'), 'some read an empty base as every host');
  t.notOk(
    isWithin({ excluded: ['URI:example.com'] }, 'URI:https://192.0.2.1/'),
    'there is no host name in it',
  );
  t.notOk(isWithin({ excluded: ['URI:'] }, 'URI:https://example.com/'));
});

t.test('a URI whose host has another form than a host name is within no constraint', (t) => {
  const base = { kind: 'URI', value: 'example.com', lowerCase: 'example.com' } as const;
  const match = (value: string) => matcherOf({ kind: 'URI', value })(base);
  for (const uri of ['https://example.com', 'ldap://a:b@EXAMPLE.com:389/c', 'https://example.com?a'])
    t.equal(match(uri), true, uri);
  t.equal(match('https://b.test/@example.com'), false);
  for (const host of [
    'example.com.',
    '%65xample.com',
    'b.test\\@example.com',
    'a@b@example.com',
    'example.com\\.b.test',
  ])
    t.equal(match(`https://${host}/`), undefined, host);
  t.end();
});
