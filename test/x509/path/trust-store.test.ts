/** Certification paths that OpenSSL made, some of which must not be believed (RFC 5280 §6.1). */

import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { decodePem, decodePemBlocks } from '../../../src/formats/pem.ts';
import { readCertificateList } from '../../../src/x509/certificate-list.ts';
import { readCertificate, type Certificate } from '../../../src/x509/certificate.ts';
import { createTrustStore, type TrustStore } from '../../../src/x509/path/trust-store.ts';
import { certify, createCa, revocationList } from '../../support/client-authority.ts';
import { expectKind } from '../../../src/formats/identify.ts';
import { openDomain } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import type { Identity } from '../../support/tls.ts';

const NEEDS_OPENSSL = { skip: opensslMissing };
const { keys } = await openDomain(t);

const read = ({ cert }: Identity): Certificate => readCertificate(checkDer(decodePem(cert, 'CERTIFICATE')));

const store = (authorities: readonly Identity[], lists = ''): Promise<TrustStore> =>
  createTrustStore(keys, {
    authorities: authorities.map(read),
    lists: decodePemBlocks(Buffer.from(lists), ['X509 CRL']).map((list) =>
      readCertificateList(expectKind(list, 'X509 CRL')),
    ),
  });

/** `trusted`, or why not. */
const verdict = async (trust: TrustStore, leaf: Identity): Promise<string> => {
  try {
    await trust.validate(read(leaf), new Date());
    return 'trusted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

/** Of OpenSSL on the same path. */
async function isTrustedByOpenssl(authorities: readonly Identity[], leaf: Identity): Promise<boolean> {
  // The level at which TLS of today judges keys.
  const args = 'verify -purpose sslclient -auth_level 2 -CAfile cas leaf'.split(' ');
  const files = { cas: authorities.map(({ cert }) => cert).join(''), leaf: leaf.cert };
  return (await openssl(args, { files })).code === 0;
}

const CA = ['keyUsage=critical,keyCertSign,cRLSign'];
const constraints = (more: string): readonly string[] => [...CA, `basicConstraints=critical,CA:TRUE${more}`];

t.test('a path leads to an anchor, and each certificate on it allows the next', NEEDS_OPENSSL, async (t) => {
  const root = await createCa();
  const short = await createCa({ subject: '/CN=Short', extensions: constraints(',pathlen:0') }, root);
  const under = await createCa({ subject: '/CN=Under' }, short);
  const named = await createCa(
    {
      subject: '/CN=Named',
      extensions: [
        ...constraints(''),
        'nameConstraints=critical,permitted;DNS:example.com,excluded;DNS:no.example.com',
      ],
    },
    root,
  );
  const signsNothing = await createCa(
    { subject: '/CN=Idle', extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,cRLSign'] },
    root,
  );
  const noCa = await certify({ subject: '/CN=No CA' }, root);
  const servers = await createCa(
    { subject: '/CN=Servers', extensions: [...constraints(''), 'extendedKeyUsage=serverAuth'] },
    root,
  );
  const past = await createCa({ subject: '/CN=Past', days: [-9, -1] }, root);
  const odd = await createCa(
    { subject: '/CN=Odd', extensions: [...constraints(''), '1.2.3.4=critical,DER:0500'] },
    root,
  );
  const san = (...names: string[]) => ({ extensions: [`subjectAltName=${names.join(',')}`] });
  const cases: readonly (readonly [
    name: string,
    leaf: Identity,
    between: readonly Identity[],
    verdict: RegExp,
  ])[] = [
    ['directly', await certify({}, root), [], /^trusted$/],
    ['of a CA below', await certify({}, short), [short], /^trusted$/],
    ['of a CA that is not known', await certify({}, short), [], /is not issued by a trusted CA/],
    ['path length', await certify({}, under), [short, under], /pathLenConstraint/],
    ['a name that is permitted', await certify(san('DNS:a.example.com'), named), [named], /^trusted$/],
    [
      'one that is not',
      await certify(san('DNS:a.example.org'), named),
      [named],
      /not allowed by the name constraints/,
    ],
    [
      'one that is excluded',
      await certify(san('DNS:x.no.example.com'), named),
      [named],
      /not allowed by the name constraints/,
    ],
    ['keyUsage of the CA', await certify({}, signsNothing), [signsNothing], /keyUsage without keyCertSign/],
    ['no CA', await certify({}, noCa), [noCa], /is not a CA/],
    [
      'a CA for servers',
      await certify({}, servers),
      [servers],
      /^A CA certificate of the path has an extendedKeyUsage/,
    ],
    ['a CA that has expired', await certify({}, past), [past], /^A CA certificate of the path expired/],
    [
      'a critical extension of a CA',
      await certify({}, odd),
      [odd],
      /unsupported critical extension: 1\.2\.3\.4/,
    ],
    ['the anchor itself', root, [], /keyUsage without digitalSignature/],
    ['a small key', await certify({ algorithm: 'rsa:1024' }, root), [], /RSA modulus/],
  ];
  let agreed = 0;
  for (const [name, leaf, between, expected] of cases) {
    const authorities = [...between, root];
    t.match(await verdict(await store(authorities), leaf), expected, name);
    const isTrusted = String(expected) === '/^trusted$/';
    if ((await isTrustedByOpenssl(authorities, leaf)) === isTrusted) agreed++;
    else t.fail(`OpenSSL says otherwise: ${name}`);
  }
  t.comment(`certification paths: OpenSSL agrees on ${agreed}/${cases.length}`);
});

t.test('with CRLs, a certificate of a CA without a CRL is not trusted', NEEDS_OPENSSL, async (t) => {
  const root = await createCa();
  const between = await createCa({ subject: '/CN=Between' }, root);
  const leaf = await certify({}, between);
  const cas = [root, between];
  const list = await revocationList(root);
  const below = await revocationList(between);
  t.match(await verdict(await store(cas, list + below), leaf), /^trusted$/);
  t.match(await verdict(await store(cas, list), leaf), /The CRL .* is missing/);
  t.match(await verdict(await store(cas, below), leaf), /The CRL .* is missing/);
  const revoked = await revocationList(root, { revoked: [between] });
  t.match(
    await verdict(await store(cas, revoked + below), leaf),
    /^A CA certificate of the path is revoked$/,
    'the CA between',
  );
  const old = await revocationList(between, { days: [-9, -1] });
  t.match(await verdict(await store(cas, list + old), leaf), /^The CRL expired at/);
  t.match(await verdict(await store(cas, list + old + below), leaf), /^trusted$/, 'the latest counts');
  const early = await revocationList(between, { days: [1, 9] });
  t.match(await verdict(await store(cas, list + early), leaf), /CRL is not valid before/);
});

t.test('a list counts for the CA that has signed it, and no other', NEEDS_OPENSSL, async (t) => {
  const root = await createCa();
  const namesake = await createCa();
  const leaf = await certify({}, root);
  const list = await revocationList(root);
  await t.rejects(store([root], await revocationList(namesake)), { code: 'invalid-crl' });
  await t.rejects(store([root], await revocationList(await createCa({ subject: '/CN=Other' }))), {
    code: 'invalid-crl',
  });
  const both = await store([root, namesake], list + (await revocationList(namesake, { revoked: [leaf] })));
  t.equal(await verdict(both, leaf), 'trusted');
  const issuesOnly = await createCa({
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'],
  });
  await t.rejects(store([issuesOnly], await revocationList(issuesOnly)), {
    message: /keyUsage without cRLSign/,
  });
});
