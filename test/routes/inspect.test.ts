import { readFileSync } from 'node:fs';
import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { craftCertificate, craftRequest, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const inspect = (certificate: string, other: object = {}) =>
  post('/api/v1/certificate/inspect', { certificate, ...other });

t.test('an attestation certificate is shown with findings; strict rejects it', async (t) => {
  const file = new URL('../vectors/programs/yubikey-attestation-like.pem', import.meta.url);
  const certificate = readFileSync(file, 'utf8');
  const { statusCode, answer } = await inspect(certificate);
  t.equal(statusCode, 200);
  t.match(answer.extensions[0], { oid: '1.3.6.1.4.1.41482.3.3', value: [/^[0-9A-F:]+$/] });
  t.same(answer.findings[0], {
    rule: 'extension-value',
    clause: 'RFC 5280 §4.2',
    severity: 'error',
    where: 'extensions.yubicoFirmwareVersion',
  });
  t.match(answer.notes[0], { code: 'extension-value', at: '/certificate' });
  const strict = await inspect(certificate, { strict: true });
  t.equal(strict.statusCode, 400);
  t.match(strict.answer, { code: 'invalid-extension' });
});

t.test('a time that does not exist is null', async (t) => {
  const wrong = der.tlv(der.TAG.utcTime, Buffer.from('never'));
  const validity = der.sequence(wrong, der.time(new Date('2030-01-01T00:00:00Z')));
  const { statusCode, answer } = await inspect(base64(await craftCertificate(key, { validity })));
  t.equal(statusCode, 200);
  t.match(answer, { not_before: null, not_after: '2030-01-01T00:00:00Z' });
  t.same(
    answer.findings.map(({ rule, where }: Record<string, string>) => [rule, where]),
    [
      ['unreadable-value', 'octet 54'],
      ['unreadable-time', 'TBSCertificate.validity.notBefore'],
      ['rfc5280-validity-form', 'validity'],
    ],
  );
});

t.test('an unknown extension has a structure, a known one has not', async (t) => {
  const own = der.sequence(
    der.objectIdentifier('1.2.3.4'),
    der.octetString(der.sequence(der.unsignedInteger(5), der.utf8String('abc'))),
  );
  const { answer } = await inspect(base64(await craftCertificate(key, { extensions: { own } })));
  t.same(answer.extensions.at(-1), {
    oid: '1.2.3.4',
    name: '1.2.3.4',
    critical: false,
    value: ['30:08:02:01:05:0C:03:61:62:63'],
    structure: 'SEQUENCE { INTEGER 5, UTF8String "abc" }',
  });
  t.notOk('structure' in answer.extensions[0]);
  t.same(answer.findings, []);
});

t.test('a request is shown with findings; strict rejects it', async (t) => {
  const csr = base64(await craftRequest(key, { version: octets('02 01 05') }));
  const { statusCode, answer } = await post('/api/v1/csr/inspect', { csr });
  t.equal(statusCode, 200);
  t.match(answer.findings, [{ rule: 'request-version', where: 'CertificationRequestInfo.version' }]);
  t.equal((await post('/api/v1/csr/inspect', { csr, strict: true })).statusCode, 400);
});

t.test('what no reading shows is an error at the member', async (t) => {
  const extra = (length: number) =>
    der.sequence(der.objectIdentifier('1.2.3'), ...Array(length).fill(der.nullValue()));
  const certificate = base64(
    await craftCertificate(key, { signature: extra(2), signatureAlgorithm: extra(2) }),
  );
  const { statusCode, answer } = await inspect(certificate);
  t.equal(statusCode, 400);
  t.match(answer.errors, [{ pointer: '/certificate' }]);
  const csr = base64(await craftRequest(key, { signatureAlgorithm: extra(2) }));
  t.match((await post('/api/v1/csr/inspect', { csr })).answer.errors, [{ pointer: '/csr' }]);
  t.equal(
    (
      await inspect(
        base64(await craftCertificate(key, { signature: extra(1), signatureAlgorithm: extra(1) })),
      )
    ).statusCode,
    200,
  );
});
