/** Extensions that the service never writes, in the encodings of the programs that do. */

import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { Der } from '../../../src/formats/der/header.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { expectKind } from '../../../src/formats/identify.ts';
import { knownExtensionOid as known, oidWithName, shownOidName } from '../../../src/formats/known-oids.ts';
import { statementOid } from '../../../src/formats/known-purposes.ts';
import { extensionOid } from '../../../src/formats/oids.ts';
import { decodePemBlocks } from '../../../src/formats/pem.ts';
import { readCertificate } from '../../../src/x509/certificate.ts';
import { describeExtension } from '../../../src/x509/extensions/describe-extension.ts';
import { missing } from '../../support/services.ts';
import { octets } from '../../support/crafted.ts';

const { sequence, setOf, objectIdentifier: oid, utf8String, ia5String, printableString, octetString } = der;
const integer = der.unsignedInteger;
const bits = (hex: string): Der => der.tlv(der.TAG.bitString, octets(hex));
const bmp = (text: string): Der => der.tlv(der.TAG.bmpString, Buffer.from(text, 'utf16le').swap16());
const statement = (name: keyof typeof statementOid, ...info: readonly Der[]): Der =>
  sequence(oid(statementOid[name]), ...info);

const SID = 'S-1-5-21-1004336348-1177238915-682003330-1104';
const TEMPLATE = '1.3.6.1.4.1.311.21.8.1.2';

type Row = readonly [type: string, value: Der, lines: readonly string[]];

const MICROSOFT: readonly Row[] = [
  [known.msCertificateTemplateName, bmp('WebServer'), ['WebServer']],
  [
    known.msCertificateTemplate,
    sequence(oid(TEMPLATE), integer(100), integer(3)),
    [`Template: ${TEMPLATE}`, 'Major version: 100', 'Minor version: 3'],
  ],
  [known.msCertificateTemplate, sequence(oid(TEMPLATE)), [`Template: ${TEMPLATE}`]],
  [known.msCaVersion, integer(0x20003), ['V3.2']],
  [known.msPreviousCertificateHash, octetString(octets('01 ab')), ['01:AB']],
  [
    known.msApplicationPolicies,
    sequence(sequence(oid('1.3.6.1.5.5.7.3.2')), sequence(oid('1.3.6.1.4.1.311.20.2.2'))),
    ['clientAuth', '1.3.6.1.4.1.311.20.2.2 (msSmartcardLogin)'],
  ],
  [
    known.msNtdsCaSecurity,
    sequence(
      der.contextConstructed(
        0,
        oid('1.3.6.1.4.1.311.25.2.1'),
        der.contextConstructed(0, octetString(Buffer.from(SID))),
      ),
    ),
    [`objectSid ${SID}`],
  ],
];

const QUALIFIED: readonly Row[] = [
  [
    known.qcStatements,
    sequence(
      statement('qcCompliance'),
      statement('qcSSCD'),
      statement('qcLimitValue', sequence(printableString('EUR'), integer(5), integer(3))),
      statement('qcRetentionPeriod', integer(15)),
      statement('qcPDS', sequence(sequence(ia5String('https://a.example/pds.pdf'), printableString('en')))),
      statement('qcType', sequence(oid('0.4.0.1862.1.6.1'), oid('0.4.0.1862.1.6.3'))),
      statement('qcCClegislation', sequence(printableString('CH'), printableString('GB'))),
      statement(
        'pkixQCSyntax-v2',
        sequence(oid('0.4.0.194121.1.2'), sequence(der.contextPrimitive(2, Buffer.from('a.example')))),
      ),
      statement(
        'psd2',
        sequence(
          sequence(sequence(oid('0.4.0.19495.1.2'), utf8String('PSP_PI'))),
          utf8String('Financial Authority'),
          utf8String('XX-FA'),
        ),
      ),
      sequence(oid('1.2.3.4'), integer(1)),
    ),
    [
      'qcCompliance',
      'qcSSCD',
      'qcLimitValue: 5 * 10^3 EUR',
      'qcRetentionPeriod: 15 years',
      'qcPDS: https://a.example/pds.pdf en',
      'qcType: esign, web',
      'qcCClegislation: CH, GB',
      'pkixQCSyntax-v2: semantics-legal, DNS:a.example',
      'psd2: PSP_PI; Financial Authority; XX-FA',
      '1.2.3.4: 1',
    ],
  ],
  [
    known.biometricInfo,
    sequence(
      sequence(
        integer(0),
        sequence(oid('1.3.14.3.2.26')),
        octetString(octets('0a 0b')),
        ia5String('http://a/'),
      ),
      sequence(oid('1.2.3'), sequence(oid('2.16.840.1.101.3.4.2.1')), octetString(octets('0c'))),
    ),
    ['picture, SHA-1 0A:0B, http://a/', '1.2.3, sha256 0C'],
  ],
];

const ATTESTATION: readonly Row[] = [
  [
    extensionOid.subjectDirectoryAttributes,
    sequence(
      sequence(oid('2.23.133.2.16'), setOf(sequence(utf8String('2.0'), integer(0), integer(138)))),
      sequence(oid('1.3.6.1.5.5.7.9.3'), setOf(printableString('F'))),
    ),
    ['tpmSpecification: SEQUENCE { UTF8String "2.0", INTEGER 0, INTEGER 138 }', 'gender: F'],
  ],
  [known.pivInterim, der.boolean(false), ['FALSE']],
  [known.yubicoSerialNumber, integer(5123456), ['5123456']],
  [known.fidoAaguid, octetString(octets('cb 69 48 1e')), ['CB:69:48:1E']],
  [known.fidoU2fTransports, bits('04 30'), ['uSB', 'nFC']],
  [known['fulcioIssuer-v2'], utf8String('https://issuer.example'), ['https://issuer.example']],
  [known.acmeIdentifier, octetString(octets('0f')), ['0F']],
];

const INTERNET: readonly Row[] = [
  [
    known.ipAddrBlocks,
    sequence(
      sequence(
        octetString(octets('00 01 01')),
        sequence(bits('01 0a 40'), sequence(bits('00 c0 00 02'), bits('06 c0 00 02 40'))),
      ),
      sequence(octetString(octets('00 02')), der.nullValue()),
    ),
    ['IPv4 (unicast) 10.64.0.0/15', 'IPv4 (unicast) 192.0.2.0-192.0.2.127', 'IPv6 inherit'],
  ],
  [
    known.autonomousSysIds,
    sequence(
      der.contextConstructed(0, sequence(integer(64496), sequence(integer(64500), integer(4200000000)))),
      der.contextConstructed(1, der.nullValue()),
    ),
    ['AS 64496', 'AS 64500-4200000000', 'routing domain inherit'],
  ],
  [
    known.proxyCertInfo,
    sequence(integer(1), sequence(oid('1.3.6.1.5.5.7.21.0'), octetString(Buffer.from('AB\n')))),
    ['Path Length Constraint: 1', 'Policy Language: any language', String.raw`Policy Text: AB\x0A`],
  ],
  [
    known.proxyCertInfo,
    sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))),
    ['Path Length Constraint: infinite', 'Policy Language: inherit all'],
  ],
  [
    known.smimeCapabilities,
    sequence(sequence(oid('1.2.3')), sequence(oid('1.2.4'), integer(128))),
    ['1.2.3', '1.2.4 128'],
  ],
  [
    known.cabfOrganizationIdentifier,
    sequence(printableString('VAT'), printableString('DE'), utf8String('123456789')),
    ['scheme: VAT', 'country: DE', 'reference: 123456789'],
  ],
];

const OLD: readonly Row[] = [
  [
    known.entrustVersInfo,
    sequence(der.tlv(der.TAG.generalString, Buffer.from('V7.1')), bits('04 90')),
    ['V7.1', 'keyUpdateAllowed', 'enterpriseCategory'],
  ],
  [known.netscapeBaseUrl, ia5String('http://a.example/'), ['http://a.example/']],
  [known.precertificatePoison, der.nullValue(), ['precertificate: not for use']],
  [
    extensionOid.issuingDistributionPoint,
    sequence(
      der.contextPrimitive(1, octets('ff')),
      der.contextPrimitive(3, octets('06 40')),
      der.contextPrimitive(4, octets('ff')),
    ),
    ['onlyContainsUserCerts', 'only for keyCompromise', 'indirectCRL'],
  ],
  [known.cRLReasons, der.tlv(der.TAG.enumerated, octets('08')), ['removeFromCRL']],
  [known.userNotice, sequence(sequence(utf8String('text'))), ['  User Notice:', '    Explicit Text: text']],
];

for (const [title, rows] of Object.entries({ MICROSOFT, QUALIFIED, ATTESTATION, INTERNET, OLD }))
  t.test(`extensions of other programs are shown in lines: ${title}`, async (t) => {
    for (const [type, value, lines] of rows) {
      const shown = describeExtension({ oid: type, critical: false, value: checkDer(value) });
      t.same(shown, { oid: type, name: shownOidName(type), critical: false, value: lines });
    }
  });

t.test('a value that is not of the type is shown in hexadecimal and outlined', async (t) => {
  const value = sequence(oid('1.2.3'), utf8String('abc'), integer(5));
  for (const type of [
    '1.2.3.4',
    known.msCaVersion,
    known.ipAddrBlocks,
    known.appleKeyAttestation,
    known.admission,
  ])
    t.same(describeExtension({ oid: type, critical: true, value }), {
      oid: type,
      name: shownOidName(type),
      critical: true,
      value: ['30:0C:06:02:2A:03:0C:03:61:62:63:02:01:05'],
      structure: 'SEQUENCE { OBJECT IDENTIFIER 1.2.3, UTF8String "abc", INTEGER 5 }',
    });
});

t.test('names of known OIDs do not replace those that the service has always shown', async (t) => {
  t.equal(shownOidName('2.5.29.19'), 'basicConstraints');
  t.equal(shownOidName('1.3.6.1.4.1.311.21.7'), 'msCertificateTemplate');
  t.equal(shownOidName('1.2.3.4'), '1.2.3.4');
  t.equal(oidWithName('1.3.6.1.5.5.7.3.1'), 'serverAuth');
  t.equal(oidWithName('2.23.133.8.1'), '2.23.133.8.1 (tcgEKCertificate)');
  t.equal(oidWithName('1.2.3.4'), '1.2.3.4');
  const values = Object.values(known);
  t.equal(new Set(values).size, values.length, 'each OID once');
  t.same(
    values.filter((value) => Object.values<string>(extensionOid).includes(value)),
    [],
  );
});

const ROOTS = '/etc/ssl/certs/ca-certificates.crt';
const skip = { skip: !existsSync(ROOTS) && missing('the system has no roots') };

t.test('every extension of the roots of the system is shown by name and in lines', skip, async (t) => {
  const roots = decodePemBlocks(readFileSync(ROOTS), ['CERTIFICATE']).map((block) =>
    readCertificate(expectKind(block, 'CERTIFICATE')),
  );
  const undescribed = roots
    .flatMap(({ extensions }) => extensions.map(describeExtension))
    .filter(({ structure, name, oid }) => structure !== undefined || name === oid);
  t.same(undescribed, []);
  t.comment(`${roots.length} roots`);
});
