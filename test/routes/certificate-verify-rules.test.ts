/** certificate/verify: names, purposes, and the rules of the profiles. */

import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { extendedKeyUsageOid } from '../../src/formats/oids.ts';
import { encodeGeneralNames } from '../../src/x509/names/general-name-encoding.ts';
import type { MemberParts } from '../ca/hierarchy.ts';
import { extension, name } from '../support/crafted.ts';
import { extendedKeyUsage } from '../verification/verifying.ts';
import { dns, openVerification } from './verification.ts';

const { keys, member, root, leafOf, codesOf } = await openVerification(t);

const HOSTS: readonly (readonly [presented: string, host: string, isMatch: boolean])[] = [
  ['www.a.test', 'WWW.a.test', true],
  ['www.a.test', 'www.a.test.', true],
  ['www.a.test', 'a.test', false],
  ['*.a.test', 'www.a.test', true],
  ['*.a.test', 'x.www.a.test', false],
  ['*.a.test', 'a.test', false],
  ['w*.a.test', 'www.a.test', false],
  ['www.*.test', 'www.a.test', false],
  ['*.test', 'a.test', false],
  ['*', 'test', false],
  ['xn--bcher-kva.test', 'bücher.test', true],
  ['192.0.2.1', '192.0.2.1', false],
];

t.test('host names', async (t) => {
  for (const [presented, host, isMatch] of HOSTS) {
    const { pem: certificate } = await leafOf({ extensions: { names: dns(presented) } });
    t.equal(
      await codesOf({ certificate, host, profile: 'path' }),
      isMatch ? '' : 'name',
      `${presented} ${host}`,
    );
  }
});

t.test('addresses, mailboxes and no common name', async (t) => {
  const names = (...list: Parameters<typeof encodeGeneralNames>[0]) =>
    extension('2.5.29.17', false, encodeGeneralNames(list));
  const { pem: certificate } = await leafOf({
    extensions: {
      names: names({ kind: 'IP', octets: Uint8Array.of(192, 0, 2, 1) }, { kind: 'email', value: 'u@A.test' }),
    },
  });
  t.equal(await codesOf({ certificate, host: '192.0.2.1' }), '');
  t.equal(await codesOf({ certificate, host: '[2001:db8::1]' }), 'name');
  t.equal(await codesOf({ certificate, email: 'u@a.test' }), '');
  t.equal(await codesOf({ certificate, email: 'U@a.test' }), 'name');
  const { pem: nameless } = await leafOf({ subject: name('www.a.test'), extensions: { names: undefined } });
  t.equal(await codesOf({ certificate: nameless, host: 'www.a.test' }), 'name');
});

t.test('purposes', async (t) => {
  const { clientAuth, serverAuth, anyExtendedKeyUsage } = extendedKeyUsageOid;
  const { pem: client } = await leafOf({ extensions: { purpose: extendedKeyUsage(clientAuth) } });
  t.equal(await codesOf({ certificate: client, purpose: 'clientAuth' }), '');
  t.equal(await codesOf({ certificate: client, host: 'www.a.test' }), 'purpose', 'serverAuth with a host');
  t.equal(await codesOf({ certificate: client, host: 'www.a.test', purpose: 'anyExtendedKeyUsage' }), '');
  const { pem: any } = await leafOf({ extensions: { purpose: extendedKeyUsage(anyExtendedKeyUsage) } });
  t.equal(await codesOf({ certificate: any, purpose: serverAuth }), '');
  const limited = await member('CA', { by: root, extensions: { purpose: extendedKeyUsage(clientAuth) } });
  const { pem: below } = await leafOf({ by: limited });
  t.equal(
    await codesOf({ certificate: below, intermediates: [limited.pem], purpose: 'serverAuth' }),
    'purpose',
  );
  const { pem: agrees } = await leafOf({
    extensions: { keyUsage: extension('2.5.29.15', true, '03 02 03 08') },
  });
  t.equal(await codesOf({ certificate: agrees, purpose: 'codeSigning' }), 'key-usage');
});

const RULES: readonly (readonly [rule: string, parts: MemberParts])[] = [
  ['rfc5280-serial-positive', { serialNumber: der.unsignedInteger(0) }],
  ['rfc5280-serial-length', { serialNumber: der.tlv(2, new Uint8Array(21).fill(1)) }],
  ['rfc5280-authority-key-identifier', { extensions: { authorityKeyIdentifier: undefined } }],
  ['rfc5280-alternative-name-syntax', { extensions: { names: dns('a_b.test') } }],
  ['rfc5280-alternative-name-syntax', { extensions: { names: dns('.a.test') } }],
  ['rfc5280-alternative-name-syntax', { extensions: { names: dns('192.0.2.1') } }],
  [
    'rfc5280-key-cert-sign-needs-ca',
    { extensions: { keyUsage: extension('2.5.29.15', true, '03 02 02 04') } },
  ],
  ['rfc5280-names-critical-without-subject', { subject: name() }],
];

t.test('rules of the profile rfc5280, which path does not have', async (t) => {
  for (const [rule, parts] of RULES) {
    const { pem: certificate } = await leafOf(parts);
    t.equal(await codesOf({ certificate }), rule);
    t.equal(await codesOf({ certificate, profile: 'path' }), '', rule);
  }
});

const CA_RULES: readonly (readonly [rule: string, extensions: Record<string, Uint8Array | undefined>])[] = [
  [
    'rfc5280-ca-basic-constraints-critical',
    { basicConstraints: extension('2.5.29.19', false, '30 03 01 01 ff') },
  ],
  ['rfc5280-ca-subject-key-identifier', { subjectKeyIdentifier: undefined }],
  ['rfc5280-inhibit-any-policy-critical', { policy: extension('2.5.29.54', false, '02 01 00') }],
  // .a.test, and 192.0.2.0 with the mask 255.0.255.0
  [
    'rfc5280-name-constraint-syntax',
    { nc: extension('2.5.29.30', true, '30 0d a0 0b 30 09 82 07 2e 61 2e 74 65 73 74') },
  ],
  [
    'rfc5280-name-constraint-syntax',
    { nc: extension('2.5.29.30', true, '30 0e a1 0c 30 0a 87 08 c0 00 02 00 ff 00 ff 00') },
  ],
];

t.test('rules for the certificates of CAs', async (t) => {
  for (const [rule, extensions] of CA_RULES) {
    const made = await member('CA', { by: root, extensions });
    const { pem: certificate } = await leafOf({ by: made });
    const codes = (profile: string) => codesOf({ certificate, intermediates: [made.pem], profile });
    t.ok((await codes('rfc5280')).split(',').includes(rule), rule);
    t.notOk((await codes('path')).includes(rule), rule);
  }
});

t.test('rules of the profile webpki', async (t) => {
  const purpose = extendedKeyUsage(extendedKeyUsageOid.serverAuth);
  const common = { subject: name('www.a.test') };
  const { pem: certificate } = await leafOf({ ...common, extensions: { purpose } });
  const rsa = await keys.generate('rsa-2048');
  t.equal(await codesOf({ certificate, profile: 'webpki', host: 'www.a.test' }), '');
  t.equal(
    await codesOf({ profile: 'webpki' }),
    'cabf-common-name-in-names,cabf-end-entity-extended-key-usage',
  );
  const { pem: nameless } = await leafOf({ ...common, key: rsa, extensions: { names: undefined, purpose } });
  t.equal(await codesOf({ certificate: nameless, profile: 'webpki' }), 'cabf-subject-alternative-name');
});

t.test('duplicate and unknown critical extensions, and other algorithms inside and outside', async (t) => {
  const twice = await leafOf({ extensions: { again: dns('b.test') } });
  t.equal(await codesOf({ certificate: twice.pem, profile: 'path' }), 'duplicate-extension');
  const unknown = await leafOf({ extensions: { unknown: extension('1.3.6.1.4.1.32473.1', true, '05 00') } });
  t.equal(await codesOf({ certificate: unknown.pem }), 'critical-extension');
  const other = (await keys.generate('ecdsa-p256')).signatureAlgorithm;
  const mixed = await leafOf({ signatureAlgorithm: other });
  t.equal(await codesOf({ certificate: mixed.pem, profile: 'path' }), 'signature-algorithm');
});
