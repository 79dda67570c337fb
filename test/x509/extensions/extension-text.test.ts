import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { extensionOid } from '../../../src/formats/oids.ts';
import { describeExtension, summarizeExtensions } from '../../../src/x509/extensions/describe-extension.ts';
import { octets } from '../../support/crafted.ts';

type Row = readonly [name: keyof typeof extensionOid, value: string, lines: readonly string[]];

const hex = (text: string): string => Buffer.from(text).toString('hex');

const CRLDP_OF_A_CRL_ISSUER =
  '30 28 30 26 a0 0c a1 0a 30 08 06 03 55 04 03 0c 01 61 81 02 06 40 ' +
  'a2 12 a4 10 30 0e 31 0c 30 0a 06 03 55 04 03 0c 03 43 52 4c';

const ROWS: readonly Row[] = [
  ['basicConstraints', '30 00', ['CA:FALSE']],
  ['basicConstraints', '30 06 01 01 ff 02 01 03', ['CA:TRUE', 'pathlen:3']],
  ['keyUsage', '03 02 01 86', ['digitalSignature', 'keyCertSign', 'cRLSign']],
  ['extendedKeyUsage', '30 0e 06 08 2b 06 01 05 05 07 03 01 06 02 2a 03', ['serverAuth', '1.2.3']],
  ['subjectKeyIdentifier', '04 03 0a bc ef', ['0A:BC:EF']],
  ['authorityKeyIdentifier', '30 04 80 02 01 02', ['01:02']],
  [
    'authorityKeyIdentifier',
    '30 0d 80 01 07 a1 03 82 01 61 82 03 00 91 02',
    ['07', 'issuer DNS:a', 'serial number 9102'],
  ],
  ['subjectAltName', '30 09 82 01 61 87 04 c0 00 02 01', ['DNS:a', 'IP:192.0.2.1']],
  ['issuerAltName', '30 03 82 01 61', ['DNS:a']],
  [
    'nameConstraints',
    '30 1b a0 0b 30 03 82 01 61 30 04 82 02 2e 62 a1 0c 30 0a 87 08 c0 00 02 00 ff ff ff 00',
    ['permitted DNS:a', 'permitted DNS:.b', 'excluded IP:192.0.2.0/255.255.255.0'],
  ],
  ['authorityInfoAccess', '30 12 30 10 06 08 2b 06 01 05 05 07 30 01 86 04 61 3a 2f 2f', ['ocsp URI:a://']],
  [
    'authorityInfoAccess',
    '30 12 30 10 06 08 2b 06 01 05 05 07 30 02 86 04 61 3a 0a 2f',
    ['caIssuers URI:a:\\x0A/'],
  ],
  [
    'subjectInfoAccess',
    '30 12 30 10 06 08 2b 06 01 05 05 07 30 05 86 04 61 3a 2f 2f',
    ['caRepository URI:a://'],
  ],
  ['cRLDistributionPoints', '30 0e 30 0c a0 0a a0 08 86 06 61 3a 2f 2f 62 2f', ['URI:a://b/']],
  ['freshestCRL', '30 0e 30 0c a0 0a a0 08 86 06 61 3a 2f 2f 62 2f', ['URI:a://b/']],
  [
    'cRLDistributionPoints',
    CRLDP_OF_A_CRL_ISSUER,
    ['relative to the CRL issuer /CN=a', 'only for keyCompromise', 'CRL issuer dirName:/CN=CRL'],
  ],
  ['certificatePolicies', '30 0e 30 06 06 04 55 1d 20 00 30 04 06 02 2a 03', ['anyPolicy', '1.2.3']],
  [
    'certificatePolicies',
    '30 3d 30 3b 06 02 2a 03 30 35 30 0d 06 08 2b 06 01 05 05 07 02 01 16 01 61 30 1c 06 ' +
      '08 2b 06 01 05 05 07 02 02 30 10 30 0b 0c 01 4f 30 06 02 01 01 02 01 16 0c 01 62 30 ' +
      '06 06 02 2a 04 05 00',
    [
      '1.2.3',
      '  CPS: a',
      '  User Notice:',
      '    Organization: O',
      '    Numbers: 1, 22',
      '    Explicit Text: b',
      '  1.2.4',
    ],
  ],
  ['policyMappings', '30 0a 30 08 06 02 2a 03 06 02 2a 04', ['1.2.3:1.2.4']],
  ['policyConstraints', '30 06 80 01 00 81 01 05', ['requireExplicitPolicy:0', 'inhibitPolicyMapping:5']],
  ['inhibitAnyPolicy', '02 01 02', ['2']],
  [
    'privateKeyUsagePeriod',
    `30 22 80 0f ${hex('20030101000000Z')} 81 0f ${hex('20331231235959Z')}`,
    ['not before 2003-01-01T00:00:00Z', 'not after 2033-12-31T23:59:59Z'],
  ],
  ['tlsFeature', '30 06 02 01 05 02 01 07', ['status_request', '7']],
  ['netscapeCertType', '03 02 00 c1', ['sslClient', 'sslServer', 'objectSigningCA']],
  ['netscapeComment', '16 02 61 0a', [String.raw`a\x0A`]],
  ['subjectAltName', '30 08 82 06 f0 9f 98 9c 61 5c', ['DNS:\\xF0\\x9F\\x98\\x9Ca\\']],
  ['noRevAvail', '05 00', ['no revocation information is published']],
  ['ocspNoCheck', '05 00', ['revocation is not checked']],
];

t.test('extensions are shown in lines that a person reads', async (t) => {
  for (const [name, value, lines] of ROWS) {
    const extension = { oid: extensionOid[name], critical: true, value: checkDer(octets(value)) };
    t.same(describeExtension(extension), { oid: extension.oid, name, critical: true, value: lines });
  }
});

t.test('what is unknown or malformed is shown by its octets', async (t) => {
  for (const oid of ['1.2.3.4', ...Object.values(extensionOid)]) {
    const value = checkDer(octets('30 05 0c 03 61 62 63'));
    if (oid === extensionOid.noRevAvail || oid === extensionOid.ocspNoCheck) continue;
    t.same(describeExtension({ oid, critical: false, value }).value, ['30:05:0C:03:61:62:63'], oid);
  }
});

t.test('a summary has what is there and can be read', async (t) => {
  const of = (name: keyof typeof extensionOid, value: string) => ({
    oid: extensionOid[name],
    critical: false,
    value: checkDer(octets(value)),
  });
  t.same(summarizeExtensions([]), { isCa: false, subjectAltNames: [] });
  const all = [
    of('basicConstraints', '30 06 01 01 ff 02 01 03'),
    of('keyUsage', '03 02 07 80'),
    of('extendedKeyUsage', '30 0a 06 08 2b 06 01 05 05 07 03 01'),
    of('subjectKeyIdentifier', '04 01 07'),
    of('authorityKeyIdentifier', '30 03 80 01 08'),
    of('subjectAltName', '30 03 82 01 61'),
  ];
  t.same(summarizeExtensions(all), {
    isCa: true,
    pathLength: 3,
    subjectAltNames: ['DNS:a'],
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    subjectKeyIdentifier: '07',
    authorityKeyIdentifier: '08',
  });
  t.same(summarizeExtensions([of('authorityKeyIdentifier', '30 08 a1 03 82 01 61 82 01 05')]), {
    isCa: false,
    subjectAltNames: [],
  });
  const malformed = all.map(({ oid }) => ({ oid, critical: false, value: checkDer(octets('05 00')) }));
  t.same(summarizeExtensions(malformed), { isCa: false, subjectAltNames: [] });
});
