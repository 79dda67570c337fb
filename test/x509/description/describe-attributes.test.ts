import t from 'tap';
import {
  bitString,
  ia5String,
  sequence,
  TAG,
  tlv,
  unsignedInteger,
  utf8String,
} from '../../../src/formats/der/writer.ts';
import { attribute, attributesField, craftRequest, octets } from '../../support/crafted.ts';
import { openDomain, requestPem } from '../../support/domain.ts';

const { keys, inspector } = await openDomain(t);

const bmp = (text: string) => tlv(TAG.bmpString, Buffer.from(text, 'utf16le').swap16());

t.test('the attributes of a request of Windows are shown in lines, but no secret', async (t) => {
  const rows: readonly [oid: string, value: Uint8Array, name: string, lines: readonly string[]][] = [
    ['1.3.6.1.4.1.311.13.2.3', ia5String('10.0.20348.2'), 'msOsVersion', ['10.0.20348.2']],
    [
      '1.3.6.1.4.1.311.13.2.2',
      sequence(unsignedInteger(1), bmp('Software KSP'), bitString(octets('00'))),
      'msEnrollmentCspProvider',
      ['key specification: 1', 'provider: Software KSP', 'signature: 00'],
    ],
    [
      '1.3.6.1.4.1.311.21.20',
      sequence(unsignedInteger(5), utf8String('host'), utf8String(String.raw`A\b`), utf8String('MMC.EXE')),
      'msRequestClientInfo',
      ['client: 5', 'machine: host', String.raw`user: A\b`, 'process: MMC.EXE'],
    ],
    [
      '1.3.6.1.4.1.311.13.2.1',
      sequence(bmp('CertificateTemplate'), bmp('WebServer')),
      'msEnrollmentNameValuePair',
      ['CertificateTemplate: WebServer'],
    ],
    [
      '1.3.6.1.4.1.311.13.2.1',
      sequence(bmp('RequesterPassword'), bmp('canary')),
      'msEnrollmentNameValuePair',
      ['RequesterPassword: present, not shown'],
    ],
    ['1.2.840.113549.1.9.2', utf8String('router.example'), 'unstructuredName', ['router.example']],
    ['1.2.840.113549.1.9.7', utf8String('canary'), 'challengePassword', ['present, not shown']],
    ['1.2.840.113549.1.9.16.2.56', utf8String('canary'), 'otpChallenge', ['present, not shown']],
    ['1.2.3', sequence(unsignedInteger(1)), '1.2.3', ['SEQUENCE { INTEGER 1 }']],
  ];
  const key = await keys.generate('ml-dsa-44');
  for (const [oid, value, name, lines] of rows) {
    const csr = await craftRequest(key, { attributes: [attributesField(attribute(oid, value))] });
    const shown = await inspector.request(requestPem(csr));
    t.same(shown.attribute_values, [{ oid, name, value: lines }]);
    t.notMatch(JSON.stringify(shown), /canary/);
  }
});
