/** The chain of a CA in `ca_certificate`: which certificate signs, and what the reply returns. */

import t from 'tap';
import { extension, name, octets, validity, type CertificateParts } from '../support/crafted.ts';
import { opensslMissing } from '../support/openssl.ts';
import { codesOf, isValid, openHierarchy, pathOf, type Member } from './hierarchy.ts';

const { keys, member, signWith } = await openHierarchy(t);

const root = await member('Root');
const upper = await member('Upper', { by: root });
const lower = await member('Lower', { by: upper });
const stranger = await member('Stranger');

t.test(
  'the chain goes from the issuer to the last that was given, in any order',
  { skip: opensslMissing },
  async (t) => {
    const all = [lower, upper, root];
    for (const given of [
      [lower, upper, root],
      [root, lower, upper],
      [upper, root, lower],
      [root, root, lower, upper, lower],
    ]) {
      const issued = await signWith(lower, given);
      t.same(pathOf(issued, ...all), [0, 1, 2]);
      t.same(issued.notes, []);
      t.ok(await isValid(issued.certificate, all, '-x509_strict'));
    }
    t.same(pathOf(await signWith(lower, [lower, upper]), ...all), [0, 1], 'without the root');
    t.same(pathOf(await signWith(upper, [lower, upper, root]), ...all), [1, 2], 'the key decides');
    t.same(pathOf(await signWith(lower, [lower]), ...all), [0], 'alone');
  },
);

t.test('a certificate that is not part of the chain is ignored, with a note', async (t) => {
  const gap = await signWith(lower, [root, lower]);
  t.same(pathOf(gap, lower, upper, root), [0], 'the CA between is missing');
  const issued = await signWith(lower, [stranger, lower, upper]);
  t.same(pathOf(issued, lower, upper), [0, 1]);
  t.match(issued.notes, [
    {
      code: 'certificates-ignored',
      message: '1 of the 3 CA certificates are not part of the chain, and are ignored',
      path: ['authority', 'certificate'],
    },
  ]);
});

t.test('the name of an issuer is not enough: it must have signed', async (t) => {
  const impostor = await member('Upper', { by: root });
  const issued = await signWith(lower, [lower, impostor]);
  t.same(pathOf(issued, lower), [0]);
  t.same(codesOf(issued), ['certificates-ignored']);
  // The same key, but another identifier: OpenSSL does not accept this issuer
  const renamed = await member('Upper', {
    by: root,
    key: upper.key,
    extensions: { subjectKeyIdentifier: extension('2.5.29.14', false, '04 01 01') },
  });
  t.same(pathOf(await signWith(lower, [lower, renamed]), lower), [0]);
});

t.test('the key must fit one of the certificates', async (t) => {
  await t.rejects(signWith(stranger, [root, upper, lower]), {
    code: 'key-mismatch',
    pointer: '/ca_private_key',
    message: /not the key of any of the 3 CA certificates/,
  });
  await t.rejects(signWith(stranger, [root, root]), { message: /not the key of the CA certificate/ });
  await t.resolves(signWith(stranger, [root, stranger]));
});

t.test('of several certificates for the key, the one that is valid longest signs', async (t) => {
  const times = (from: string, to: string): CertificateParts => ({
    validity: validity(`${from}T00:00:00Z`, `${to}T00:00:00Z`),
  });
  const of = (parts: CertificateParts) => member('Lower', { ...parts, by: upper, key: lower.key });
  const expired = await of(times('2020-01-01', '2026-12-31'));
  const short = await of(times('2020-01-01', '2028-01-01'));
  const long = await of(times('2020-01-01', '2029-01-01'));
  const future = await of(times('2028-01-01', '2049-01-01'));
  for (const given of [
    [expired, short, long, future, upper],
    [upper, future, long, short, expired],
  ]) {
    const issued = await signWith(lower, given);
    t.same(pathOf(issued, long, upper), [0, 1]);
    t.match(issued.notes, [{ code: 'issuer-chosen', message: /^4 of the CA certificates have the key/ }]);
  }
  await t.rejects(signWith(lower, [expired, expired, upper]), {
    code: 'unsuitable-issuer',
    message: /expired/,
  });
  // Cross-certified: the certificate that another root issued is valid longer
  const cross = await member('Upper', { by: stranger, key: upper.key, ...times('2020-01-01', '2049-12-31') });
  const issued = await signWith(upper, [upper, root, cross, stranger]);
  t.same(pathOf(issued, cross, stranger), [0, 1]);
  t.same(codesOf(issued), ['issuer-chosen', 'certificates-ignored']);
});

t.test(
  'of several paths, one that relying parties accept is returned',
  { skip: opensslMissing },
  async (t) => {
    const cross = await member('Root', { by: stranger, key: root.key });
    const issued = await signWith(lower, [cross, stranger, lower, upper, root]);
    t.same(pathOf(issued, lower, upper, root), [0, 1, 2], 'the shortest');
    const limited = await member('Root', {
      key: root.key,
      extensions: { basicConstraints: extension('2.5.29.19', true, '30 06 01 01 ff 02 01 00') },
    });
    const other = await signWith(lower, [limited, lower, upper, cross, stranger]);
    t.same(pathOf(other, lower, upper, cross, stranger), [0, 1, 2, 3]);
    t.ok(await isValid(other.certificate, [lower, upper, cross, stranger], '-x509_strict'));
    const expired = await member('Root', {
      key: root.key,
      validity: validity('2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
    });
    t.same(pathOf(await signWith(lower, [expired, root, lower, upper]), lower, upper, root), [0, 1, 2]);
  },
);

t.test('certificates that certify each other end', async (t) => {
  const many: Member[] = [];
  const top = await keys.generate('ed25519');
  for (let i = 0; i < 9; i += 1)
    many.push(
      await member('Same', {
        key: top,
        by: { key: top, subject: name('Same'), der: top.publicKey.spki, pem: '' },
        extensions: {
          authorityKeyIdentifier: undefined,
          subjectKeyIdentifier: undefined,
          n: extension(`1.2.${i}`, false, '05 00'),
        },
        serialNumber: octets(`02 01 0${i}`),
      }),
    );
  const below = await member('Below', {
    by: { key: top, subject: name('Same'), der: top.publicKey.spki, pem: '' },
  });
  const issued = await signWith(below, [...many, below]);
  t.equal(issued.higherCertificates.length, 1);
  // Two CAs that certify each other, without a root
  const a = await member('A', { by: upper });
  const b = await member('B', { by: a });
  const back = await member('A', { by: b, key: a.key });
  t.same(pathOf(await signWith(b, [b, back]), b, back), [0, 1]);
});

t.test('keyUsage of every CA is read as the request says', async (t) => {
  const usage = (value: string | undefined): CertificateParts => ({
    extensions: { keyUsage: value === undefined ? undefined : extension('2.5.29.15', true, value) },
  });
  const chainOf = async (higher: CertificateParts, own: CertificateParts) => {
    const above = await member('Upper', { by: root, ...higher });
    return [await member('Lower', { by: above, ...own }), above, root] as const;
  };
  const NONE = usage(undefined);
  const TRAILING_ZEROS = usage('03 02 00 04');
  for (const [higher, own, codes] of [
    [{}, NONE, ['no-key-usage']],
    [NONE, {}, ['no-key-usage']],
    [NONE, NONE, ['no-key-usage']],
    [{}, TRAILING_ZEROS, ['bit-string']],
    [TRAILING_ZEROS, NONE, ['no-key-usage', 'bit-string']],
  ] as const) {
    const chain = await chainOf(higher, own);
    const issued = await signWith(chain[0], chain, { strict: false });
    t.same(codesOf(issued), codes);
    t.same(pathOf(issued, ...chain), [0, 1, 2]);
    const strict = { pointer: '/ca_certificate', name: 'PkiError' };
    await t.rejects(signWith(chain[0], chain, { strict: true }), strict);
  }
  const noSigner = await chainOf({}, usage('03 02 01 82'));
  await t.rejects(signWith(noSigner[0], noSigner, { strict: false }), {
    message: /its keyUsage needs keyCertSign/,
  });
});
