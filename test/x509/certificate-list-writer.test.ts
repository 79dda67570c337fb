/** CRLs as they are written: OpenSSL and our own reader read them, and pkijs encodes the same octets. */

import * as asn1js from 'asn1js';
import * as fc from 'fast-check';
import * as pkijs from 'pkijs';
import t from 'tap';
import { prepareCertificateList } from '../../src/ca/prepared.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import { readCertificateList } from '../../src/x509/certificate-list.ts';
import {
  encodeEntries,
  encodeTbsCertList,
  type RevokedCertificate,
} from '../../src/x509/certificate-list-writer.ts';
import { encodeCrlExtensions } from '../../src/x509/extensions/crl-extensions-writer.ts';
import { CRL_REASONS } from '../../src/x509/extensions/crl-entry-extensions.ts';
import { encodeDistributionPoints } from '../../src/x509/extensions/distribution-points.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { extension, name, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const THIS_UPDATE = new Date('2026-01-02T03:04:05Z');
const NEXT_UPDATE = new Date('2051-01-02T03:04:05Z');

const content = (entries: readonly RevokedCertificate[], distributionPoint?: string) => ({
  issuer: name('A CA'),
  thisUpdate: THIS_UPDATE,
  nextUpdate: NEXT_UPDATE,
  entries: [encodeEntries(entries)],
  extensions: encodeCrlExtensions({
    authorityKeyIdentifier: octets('01 02 03 04'),
    number: 300,
    distributionPoint,
  }),
});

const everyReason: readonly RevokedCertificate[] = CRL_REASONS.map((reason, i) => ({
  serialNumber: Uint8Array.of(i + 1),
  revokedAt: new Date(i % 2 === 0 ? '2026-01-01T00:00:00Z' : '2050-01-01T00:00:00Z'),
  reason,
  invalidFrom: i === 1 ? new Date('2025-12-31T00:00:00Z') : undefined,
}));

t.test('OpenSSL reads every field', { skip: opensslMissing }, async (t) => {
  const uri = 'http://crl.example.com/a.crl';
  const prepared = await prepareCertificateList(key, content(everyReason, uri), key.publicKey);
  const crl = await prepared.issue(keys);
  const { code, stdout } = await openssl(['crl', '-inform', 'DER', '-noout', '-text'], { input: crl });
  const text = stdout.toString();
  t.equal(code, 0);
  t.match(text, /Version 2 \(0x1\)/);
  t.match(text, /Signature Algorithm: ML-DSA-44/);
  t.match(text, /Last Update: Jan {2}2 03:04:05 2026 GMT\n\s+Next Update: Jan {2}2 03:04:05 2051 GMT/);
  t.match(text, /X509v3 Authority Key Identifier: \n\s+01:02:03:04/);
  t.match(text, /X509v3 CRL Number: \n\s+300/);
  t.match(
    text,
    /X509v3 Issuing Distribution Point: critical\n\s+Full Name:\n\s+URI:http:\/\/crl.example.com\/a.crl/,
  );
  t.match(text, /Invalidity Date: \n\s+Dec 31 00:00:00 2025 GMT/);
  t.match(text, /Revocation Date: Jan {2}1 00:00:00 2050 GMT/);
  const shown = [...text.matchAll(/CRL Reason Code: \n\s+(.+)/g)].map(([, reason]) => reason);
  t.same(shown, [
    'Key Compromise',
    'CA Compromise',
    'Affiliation Changed',
    'Superseded',
    'Cessation Of Operation',
    'Certificate Hold',
    'Privilege Withdrawn',
    'AA Compromise',
  ]);
});

t.test('a CRL without entries has no list of them, and our reader reads what was written', async (t) => {
  const none = await (await prepareCertificateList(key, content([]), key.publicKey)).issue(keys);
  t.same(readCertificateList(checkDer(none)).serialNumbers, new Set());
  const list = readCertificateList(
    checkDer(await (await prepareCertificateList(key, content(everyReason), key.publicKey)).issue(keys)),
  );
  t.equal(list.serialNumbers.size, CRL_REASONS.length);
  t.same([list.thisUpdate, list.nextUpdate], [THIS_UPDATE, NEXT_UPDATE]);
});

t.test('the distribution point is encoded as in the certificates', async (t) => {
  const uri = 'https://crl.example.com/1.crl';
  const [, , point = octets('')] = encodeCrlExtensions({
    authorityKeyIdentifier: octets('01'),
    number: 1,
    distributionPoint: uri,
  });
  const inCertificate = encodeDistributionPoints([uri]);
  // Both are a SEQUENCE around the same distributionPoint; that of the certificate is in a list.
  t.ok(Buffer.from(point).includes(Buffer.from(inCertificate.subarray(4))));
});

t.test('pkijs encodes the same octets', async () => {
  const date = fc
    .integer({ min: Date.UTC(1990) / 1000, max: Date.UTC(2120) / 1000 })
    .map((seconds) => new Date(seconds * 1000));
  const revoked = fc.record({
    serialNumber: fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .filter(([first = 0]) => first > 0 && first < 0x80),
    revokedAt: date,
    reason: fc.constantFrom(...CRL_REASONS),
  });
  fc.assert(
    fc.property(fc.array(revoked, { maxLength: 5 }), date, date, (entries, thisUpdate, nextUpdate) => {
      const { signatureAlgorithm } = key;
      const own = encodeTbsCertList({ ...content(entries), thisUpdate, nextUpdate, signatureAlgorithm });
      same(own, pkijsList(entries, thisUpdate, nextUpdate));
    }),
  );
});

class PkijsList extends pkijs.CertificateRevocationList {
  content(): Uint8Array {
    return new Uint8Array(this.encodeTBS().toBER());
  }
}

function pkijsList(entries: readonly RevokedCertificate[], thisUpdate: Date, nextUpdate: Date): Uint8Array {
  const list = new PkijsList({
    version: 1,
    signature: new pkijs.AlgorithmIdentifier({ algorithmId: '2.16.840.1.101.3.4.3.17' }),
    issuer: pkijs.RelativeDistinguishedNames.fromBER(Uint8Array.from(name('A CA')).buffer),
    thisUpdate: pkijsTime(thisUpdate),
    nextUpdate: pkijsTime(nextUpdate),
    crlExtensions: new pkijs.Extensions({
      extensions: [
        pkijsExtension(extension('2.5.29.35', false, '30 06 80 04 01 02 03 04')),
        pkijsExtension(extension('2.5.29.20', false, '02 02 01 2c')),
      ],
    }),
  });
  if (entries.length > 0) list.revokedCertificates = entries.map(pkijsEntry);
  return list.content();
}

const pkijsTime = (value: Date) => new pkijs.Time({ type: value.getUTCFullYear() >= 2050 ? 1 : 0, value });

const pkijsExtension = (encoding: Uint8Array) => pkijs.Extension.fromBER(Uint8Array.from(encoding).buffer);

const pkijsEntry = ({ serialNumber, revokedAt, reason }: RevokedCertificate) =>
  new pkijs.RevokedCertificate({
    userCertificate: new asn1js.Integer({ valueHex: Uint8Array.from(serialNumber).buffer }),
    revocationDate: pkijsTime(revokedAt),
    ...(reason !== 0 && {
      crlEntryExtensions: new pkijs.Extensions({
        extensions: [
          pkijsExtension(extension('2.5.29.21', false, der.tlv(der.TAG.enumerated, Uint8Array.of(reason)))),
        ],
      }),
    }),
  });
