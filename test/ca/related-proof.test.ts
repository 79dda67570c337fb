/** When relatedCertRequest of a CSR proves that its requester has the related certificate (RFC 9763 §3.2). */

import t from 'tap';
import { createIssuer } from '../../src/ca/issuer.ts';
import { CA, END_ENTITY } from '../../src/ca/profile.ts';
import { checkRelatedProof, type RelatedProof } from '../../src/ca/related-proof.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { STRICT } from '../../src/formats/reading.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import { decodeNames } from '../../routes/wire/decode.ts';
import { openDomain } from '../support/domain.ts';

const { keys } = await openDomain(t);
const NOW = new Date('2031-05-06T07:08:09Z');
const issuer = createIssuer({ keys, clock: () => NOW })();
const names = () => decodeNames({ subject: '/CN=a.test' });

const certified = await issuer.selfSigned({ algorithm: 'ml-dsa-44', names, profile: END_ENTITY, days: 9 });
const related = readCertificate(checkDer(certified.certificate));
const { csr } = await issuer.createCsr({
  algorithm: 'ml-dsa-44',
  names,
  related: async () => ({ certificates: [related], signer: certified.key, reading: STRICT }),
});
const request = readCertificationRequest(checkDer(csr));
const proof: RelatedProof = {
  request,
  related,
  subject: request.subject,
  profile: END_ENTITY,
  now: NOW,
  reading: STRICT,
};
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const DAY = 86_400;

t.test('a request time is accepted for a day, and five minutes ahead', async (t) => {
  for (const seconds of [0, DAY, -300]) await checkRelatedProof(keys, { ...proof, now: after(seconds) });
  for (const seconds of [DAY + 1, -301]) {
    const error = { code: 'proof-of-possession-failed', path: ['request'], message: /requestTime/ };
    const issued = { ...related, validity: { notBefore: after(-DAY), notAfter: after(3 * DAY) } };
    await t.rejects(checkRelatedProof(keys, { ...proof, related: issued, now: after(seconds) }), error);
  }
});

t.test('every bit of the signature counts', async (t) => {
  const [attribute] = request.attributeEncodings;
  if (attribute === undefined) throw new Error('Expected an attribute');
  for (const place of [attribute.length - 1, attribute.length - 1000, attribute.length - 2420]) {
    const forged = attribute.map((octet, index) => (index === place ? octet ^ 1 : octet)) as typeof attribute;
    const error = { code: 'proof-of-possession-failed', path: ['request'], message: /not signed by the key/ };
    const received = { ...request, attributeEncodings: [forged] };
    await t.rejects(checkRelatedProof(keys, { ...proof, request: received }), error);
  }
  const twice = { ...request, attributeEncodings: [attribute, attribute] };
  await t.rejects(checkRelatedProof(keys, { ...proof, request: twice }), {
    code: 'invalid-csr',
    path: ['request'],
    message: /one value/,
  });
});

t.test('the related certificate must be valid, of the same subject, and for the same usages', async (t) => {
  const at = { path: ['relatedCertificate'] };
  const { profile } = proof;
  const rows: readonly (readonly [wrong: Partial<RelatedProof>, message: RegExp])[] = [
    [{ now: after(10 * DAY) }, /expired at 2031-05-15/],
    [{ now: after(-DAY) }, /not valid before 2031-05-06/],
    [{ subject: related.issuer.subarray(0, -1) }, /another/],
    [{ profile: { ...profile, keyUsage: ['keyAgreement'] } }, /keyUsage must include .* lacks keyAgreement/],
    [{ profile: { ...profile, extendedKeyUsage: ['1.2.3'] } }, /extendedKeyUsage must .* lacks 1\.2\.3/],
  ];
  for (const [wrong, message] of rows)
    await t.rejects(checkRelatedProof(keys, { ...proof, ...wrong }), { ...at, message });
});

t.test('a new certificate of a CA is not bound', async (t) => {
  const root = await issuer.selfSigned({ algorithm: 'ml-dsa-44', names, profile: CA, days: 9 });
  const input = {
    algorithm: 'ml-dsa-44' as const,
    names,
    related: async () => ({
      certificates: [readCertificate(checkDer(root.certificate))],
      signer: root.key,
      reading: STRICT,
    }),
  };
  await t.rejects(issuer.createCsr(input), { path: ['relatedCertificate'], message: /end entity/ });
});
