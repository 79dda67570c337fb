import t, { type Test } from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { PkiError } from '../../../src/base/errors.ts';
import { contextConstructed, contextPrimitive, sequence } from '../../../src/formats/der/writer.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
} from '../../../src/x509/names/distinguished-name.ts';
import { encodeGeneralNames, type GeneralName } from '../../../src/x509/names/general-name-encoding.ts';
import { parseGeneralName } from '../../../src/x509/names/general-name.ts';
import { parseIpAddress } from '../../../src/x509/names/ip-address.ts';
import { readNameConstraints } from '../../../src/x509/extensions/name-constraints.ts';
import { checkNameConstraints } from '../../../src/x509/path/name-constraints.ts';
import { parseDistinguishedName } from '../../../src/x509/names/name-text.ts';
import { craftCertificate, extension, name } from '../../support/crafted.ts';
import { certificatePem, openDomain } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';

const { keys } = await openDomain(t);

const CONTEXT_TAGS: Readonly<Record<string, number>> = { email: 1, DNS: 2, URI: 6, RID: 8 };

/** One base, written as names are: `DNS:.example.com`, `IP:192.0.2.0/255.255.255.0`, `dirName:/C=US`. */
function subtree(text: string): Uint8Array {
  const [, kind = '', value = ''] = /^(\w+):(.*)$/.exec(text) ?? [];
  if (kind === 'dirName') return sequence(contextConstructed(4, directory(value)));
  if (kind !== 'IP') return sequence(contextPrimitive(CONTEXT_TAGS[kind] ?? 0, Buffer.from(value, 'latin1')));
  return sequence(contextPrimitive(7, Buffer.concat(value.split('/').map(parseIpAddress))));
}

const directory = (text: string): Uint8Array => encodeDistinguishedName(parseDistinguishedName(text));

interface Constraints {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
}

const field = (tag: number, bases: readonly string[] = []): Uint8Array[] =>
  bases.length === 0 ? [] : [contextConstructed(tag, ...bases.map(subtree))];

const nameConstraints = ({ permitted, excluded }: Constraints): Uint8Array =>
  sequence(...field(0, permitted), ...field(1, excluded));

/** Who has one name: in its subjectAltName, or with the prefix `subject:` in its subject. */
function holder(text: string): { subject: Uint8Array; san: GeneralName[] } {
  if (!text.startsWith('subject:')) return { subject: name(), san: [parseGeneralName(text)] };
  return { subject: directory(text.slice('subject:'.length)), san: [] };
}

function isWithin(constraints: Constraints, text: string): boolean {
  const { subject, san } = holder(text);
  const read = readNameConstraints(checkDer(nameConstraints(constraints)));
  try {
    checkNameConstraints(read, decodeDistinguishedName(checkDer(subject)), san);
    return true;
  } catch (error) {
    if (!(error instanceof PkiError && error.code === 'name-constraints-violated')) throw error;
    return false;
  }
}

interface Row extends Constraints {
  readonly within: readonly string[];
  readonly outside: readonly string[];
}

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

const caKey = await keys.generate('ml-dsa-44');
const USAGE = { basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined };

/** The certificate of who has a name, in PEM, signed whether it may be or not. */
async function holderCertificate(text: string): Promise<string> {
  const { subject, san } = holder(text);
  const names = san.length === 0 ? undefined : extension('2.5.29.17', true, encodeGeneralNames(san));
  const extensions = { ...USAGE, usage: extension('2.5.29.15', true, '03 02 07 80'), names };
  return certificatePem(await craftCertificate(caKey, { issuer: name('CA'), subject, extensions }));
}

/** Those of the names that OpenSSL accepts under a CA with the constraints. */
async function acceptedByOpenssl(constraints: Constraints, names: readonly string[]): Promise<string[]> {
  const value = nameConstraints(constraints);
  const extensions = { nameConstraints: extension('2.5.29.30', true, value) };
  const ca = certificatePem(await craftCertificate(caKey, { subject: name('CA'), extensions }));
  const leaves = await Promise.all(names.map(holderCertificate));
  const files = { ca, ...Object.fromEntries(leaves.map((leaf, index) => [`leaf${index}`, leaf])) };
  const args = ['verify', '-CAfile', 'ca', ...leaves.map((_, index) => `leaf${index}`)];
  const { stdout } = await openssl(args, { files });
  const verdicts = stdout.toString();
  return names.filter((_, index) => verdicts.includes(`leaf${index}: OK\n`));
}

const judge = (rows: readonly Row[]) => async (t: Test) => {
  for (const row of rows) {
    const names = [...row.within, ...row.outside];
    const title = JSON.stringify({ permitted: row.permitted, excluded: row.excluded });
    t.same(
      names.filter((text) => isWithin(row, text)),
      row.within,
      title,
    );
    if (opensslMissing === false)
      t.same(await acceptedByOpenssl(row, names), row.within, 'OpenSSL says the same');
  }
};

t.test('host names', judge(HOSTS));
t.test('mailboxes and URIs', judge(MAIL_AND_URIS));
t.test('addresses, names of directories, and what cannot be matched', judge(OTHER_KINDS));

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
