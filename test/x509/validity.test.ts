import { X509Certificate } from 'node:crypto';
import t, { type Test } from 'tap';
import { craftCertificate, craftRequest, validity } from '../support/crafted.ts';
import { authority, certificatePem, openDomain, requestPem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const { keys, issuerWith } = await openDomain(t);
const skip = { skip: opensslMissing };

/** An issuer that lives at one moment. */
const issuerAt = (now: string) => issuerWith({ clock: () => new Date(now) });

async function issueAt(now: string, days: number): Promise<string> {
  const content = { algorithm: 'ml-dsa-44', subject: '/CN=a', days, isCa: false } as const;
  return certificatePem((await issuerAt(now).selfSigned(content)).certificate);
}

/** Holds what OpenSSL, node:crypto and the octets say of a certificate's times against what is wanted. */
async function judge(t: Test, certificate: string, notBefore: string, notAfter: string, types: string) {
  const show = 'x509 -in certificate -noout -startdate -enddate -dateopt iso_8601';
  const { stdout } = await openssl(show.split(' '), { files: { certificate } });
  const [start, end] = [notBefore, notAfter].map((moment) => moment.replace('T', ' '));
  t.equal(stdout.toString(), `notBefore=${start}\nnotAfter=${end}\n`);
  const { validFromDate, validToDate, raw } = new X509Certificate(certificate);
  t.same([validFromDate, validToDate], [new Date(notBefore), new Date(notAfter)]);
  const times = raw.toString('latin1').match(/\d{12,14}Z/g) ?? [];
  const typeOf = (time: string): string => (time.length === 'YYMMDDHHMMSSZ'.length ? 'UTC' : 'Generalized');
  t.equal(times.map(typeOf).join(', then '), types);
}

t.test('a certificate holds from five minutes ago for whole days', skip, async (t) => {
  const both = 'UTC, then UTC';
  const table: [now: string, days: number, notBefore: string, notAfter: string, types: string][] = [
    ['2026-11-24T12:00:00Z', 1, '2026-11-24T11:55:00Z', '2026-11-25T11:55:00Z', both],
    ['2026-11-24T12:00:00.999Z', 1, '2026-11-24T11:55:00Z', '2026-11-25T11:55:00Z', both],
    ['2026-01-01T00:00:00Z', 365, '2025-12-31T23:55:00Z', '2026-12-31T23:55:00Z', both],
    ['2026-11-24T00:05:00Z', 7300, '2026-11-24T00:00:00Z', '2046-11-19T00:00:00Z', both],
    // the last second of UTCTime, and the first of GeneralizedTime (RFC 5280 §4.1.2.5)
    ['2049-12-31T00:04:59Z', 1, '2049-12-30T23:59:59Z', '2049-12-31T23:59:59Z', both],
    ['2049-12-31T00:05:00Z', 1, '2049-12-31T00:00:00Z', '2050-01-01T00:00:00Z', 'UTC, then Generalized'],
    ['2050-01-01T00:04:59Z', 1, '2049-12-31T23:59:59Z', '2050-01-01T23:59:59Z', 'UTC, then Generalized'],
    [
      '2050-01-01T00:05:00Z',
      1,
      '2050-01-01T00:00:00Z',
      '2050-01-02T00:00:00Z',
      'Generalized, then Generalized',
    ],
    // leap days: one in 2028, none in 2027 and 2100
    ['2028-02-28T00:05:00Z', 1, '2028-02-28T00:00:00Z', '2028-02-29T00:00:00Z', both],
    ['2028-02-28T00:05:00Z', 2, '2028-02-28T00:00:00Z', '2028-03-01T00:00:00Z', both],
    ['2028-02-29T12:00:00Z', 366, '2028-02-29T11:55:00Z', '2029-03-01T11:55:00Z', both],
    ['2027-02-28T00:05:00Z', 1, '2027-02-28T00:00:00Z', '2027-03-01T00:00:00Z', both],
    [
      '2100-02-28T00:05:00Z',
      1,
      '2100-02-28T00:00:00Z',
      '2100-03-01T00:00:00Z',
      'Generalized, then Generalized',
    ],
  ];
  for (const [now, days, ...wanted] of table) {
    await t.test(`${now} for ${days} days`, async (t) => judge(t, await issueAt(now, days), ...wanted));
  }
});

t.test('what a CA issues begins no earlier than the CA, and still holds for whole days', skip, async (t) => {
  const caKey = await keys.generate('ml-dsa-44');
  const csr = requestPem(await craftRequest(await keys.generate('ml-dsa-44')));
  const now = '2027-01-01T12:00:00.999Z';
  for (const [caStart, notBefore, notAfter] of [
    ['2027-01-01T11:54:59Z', '2027-01-01T11:55:00Z', '2027-01-02T11:55:00Z'],
    ['2027-01-01T11:55:01Z', '2027-01-01T11:55:01Z', '2027-01-02T11:55:01Z'],
    ['2027-01-01T12:00:00Z', '2027-01-01T12:00:00Z', '2027-01-02T12:00:00Z'],
  ] as const) {
    const ca = await craftCertificate(caKey, { validity: validity(caStart, '2040-01-01T00:00:00Z') });
    const member = await authority(ca, caKey);
    const signed = await issuerAt(now).signCsr({ csr, ...member, days: 1, isCa: false });
    t.same(
      [signed.validity.notBefore, signed.validity.notAfter],
      [new Date(notBefore), new Date(notAfter)],
      'is told',
    );
    await judge(t, certificatePem(signed.certificate), notBefore, notAfter, 'UTC, then UTC');
  }
});
