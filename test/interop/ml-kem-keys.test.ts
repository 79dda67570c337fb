/** ML-KEM keys through the API (RFC 9935 §6): forms, inspection and bundles. OpenSSL 3.5 reads them. */

import t from 'tap';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, startApp } from '../support/service.ts';
import { judged } from './judge.ts';
import { requests } from './requests.ts';

const app = await startApp(t);
const skip = { skip: opensslMissing };

const { done, refused } = requests(app);
const text = (base64: string): string => pemOf(base64).toString();
const subject = '/CN=a.example/O=Example';
const authority = await done('certificate/generate', { subject: '/CN=Root', is_ca: true });
const ca = { ca_certificate: authority.certificate, ca_private_key: authority.private_key };
const pair = await done('keys/generate', { key_algorithm: 'ml-kem-768' });
const { private_key: key, public_key } = pair;

t.test('a key is converted to each form and back', skip, async (t) => {
  const password = 'correct horse battery staple';
  const there: readonly (readonly [choice: object, back: object])[] = [
    [{ key_format: 'both' }, {}],
    [{ target: 'openssl' }, {}],
    [{ include_public_key: true, encoding: 'der' }, {}],
    [{ format: 'encrypted-pkcs8', new_password: password }, { password }],
    [{ format: 'pkcs12', new_password: password }, { password }],
    [{ format: 'raw' }, { key_algorithm: 'id-alg-ml-kem-768' }],
    [{ format: 'raw', encoding: 'hex' }, { key_algorithm: 'ML-KEM-768' }],
  ];
  for (const [choice, back] of there) {
    const converted = await done('keys/convert', { key, ...choice });
    const again = await done('keys/convert', { key: converted.private_key, key_format: 'seed', ...back });
    t.equal(again.private_key, key, JSON.stringify(choice));
  }
  const expanded = await done('keys/convert', { key, target: 'java' });
  t.equal(expanded.key_format, 'expanded');
  const { private_key: raw } = await done('keys/convert', { key: expanded.private_key, format: 'raw' });
  t.equal(pemOf(raw).length, 2400);
  t.match(await done('keys/convert', { key: raw }), { key_algorithm: 'ml-kem-768', key_format: 'expanded' });
  const impossible: readonly (readonly [members: object, pointer: string, message: RegExp])[] = [
    [{ key, format: 'jwk' }, '/format', /that for ML-KEM is a draft/],
    [{ key, format: 'sec1' }, '/format', /elliptic curves/],
  ];
  const seed = { key: expanded.private_key, key_format: 'seed' };
  await refused(t, 'keys/convert', seed, { detail: /cannot be computed from the expanded key/ });
  for (const [members, pointer, message] of impossible)
    await refused(t, 'keys/convert', members, { errors: [{ pointer, message }] });
});

t.test('a key is inspected and identified', async (t) => {
  const shown = await done('keys/inspect', { key });
  t.match(shown, { algorithm: 'ml-kem-768', key_format: 'seed', valid: true, sizes: { public_key: 1184 } });
  const both = await done('keys/convert', { key, key_format: 'both' });
  const inspected = await done('keys/inspect', { key: both.private_key });
  t.strictSame(
    inspected.checks.map(({ check, clause }: { check: string; clause: string }) => [check, clause]),
    [
      ['structure', 'RFC 5958 §2'],
      ['algorithm', 'RFC 9935 §3'],
      ['private-key', 'RFC 9935 §6'],
      ['seed-expansion', 'RFC 9935 §8'],
      ['not-published', 'RFC 9935 appendix C'],
    ],
  );
  const found = await done('identify', { data: both.private_key });
  t.match(found.parts, [{ type: 'private-key', facts: { algorithm: 'ml-kem-768', form: 'both' } }]);
  const shownPublic = await done('keys/inspect', { key: public_key });
  t.match(shownPublic, { type: 'public-key', algorithm: 'ml-kem-768', valid: true });
});

/** A change of one octet of the expanded key, and the part that is reported. */
const CHANGES: readonly (readonly [part: string, octet: number, check: string, message: RegExp])[] = [
  ['s', 100, 'expanded-key', /s does not belong/],
  ['ek', 1152 + 500, 'expanded-key', /H\(ek\) is not the hash/],
  ['H(ek)', 1152 + 1184 + 1, 'expanded-key', /H\(ek\) is not the hash/],
];

t.test('a fault of an expanded key is found, with its place', async (t) => {
  const { private_key: raw } = await done('keys/convert', { key, key_format: 'expanded', format: 'raw' });
  const header = pemOf(
    (await done('keys/convert', { key, key_format: 'expanded', encoding: 'der' })).private_key,
  );
  const offset = header.length - 2400;
  for (const [part, octet, check, message] of CHANGES) {
    const changed = Buffer.from(header);
    changed[offset + octet] = (changed[offset + octet] ?? 0) ^ 1;
    const shown = await done('keys/inspect', { key: changed.toString('base64') });
    const fault = shown.checks.find(({ passed }: { passed: boolean }) => !passed);
    t.match(fault, { check, message }, part);
    t.ok(fault.offset === offset || fault.offset === offset + 2336, `${part} at ${fault.offset}`);
  }
  const both = pemOf((await done('keys/convert', { key, key_format: 'both', encoding: 'der' })).private_key);
  const last = both.length - 1;
  both[last] = (both[last] ?? 0) ^ 1;
  const shown = await done('keys/inspect', { key: both.toString('base64') });
  t.match(shown.checks.at(-2), {
    check: 'seed-expansion',
    passed: false,
    message: /differ in z/,
    offset: last - 31,
  });
  t.equal(pemOf(raw).length, 2400);
});

t.test('a bundle has the key of its certificate', skip, async (t) => {
  const { certificate, chain } = await done('csr/sign', { public_key, subject, ...ca });
  const pfx = await done('bundle', { format: 'pkcs12', certificate, chain, key, new_password: 'x' });
  const opened = ['pkcs12', '-in', 'pfx', '-nodes', '-nocerts', '-passin', 'pass:x'];
  const pem = await judged(opened, { pfx: pemOf(pfx.bundle) });
  t.equal(await judged('pkey -in key -pubout', { key: pem }), text(public_key));
});
