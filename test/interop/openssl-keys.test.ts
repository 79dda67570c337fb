/**
 * Keys as OpenSSL 3.5 writes them, in forms that the standards do not allow: read, noted, and certified in the form of the
 * standards. OpenSSL verifies what is issued.
 */

import t from 'tap';
import type { PkiError } from '../../src/base/errors.ts';
import { CA, END_ENTITY } from '../../src/ca/profile.ts';
import type { Profile } from '../../src/ca/profile.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';
import { readCertificate, readReceivedCertificate } from '../../src/x509/certificate.ts';
import { readReceivedRequest } from '../../src/x509/certification-request.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { keyIdentifier } from '../../src/x509/extensions/key-identifiers.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { decodePrivateKey } from '../../routes/wire/decode.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { certificatePem, openDomain, pem } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { judged, verifyAll } from './judge.ts';

const { domain, keys } = await openDomain(t);
const skip = { skip: opensslMissing };
const lenient = (): NotedReading => createReading({ isStrict: false });

const CONFIGURATION = '[req]\ndistinguished_name = dn\n[dn]\n';

interface Written {
  readonly key: string;
  readonly csr: string;
  readonly ca: string;
}

/** Returns a key of `genpkey` with these arguments, converted with `conversion`, with a CSR and a CA certificate. */
async function written(generation: string, conversion = ''): Promise<Written> {
  const first = await judged(`genpkey ${generation}`, {});
  const key = conversion === '' ? first : await judged(`pkey -in key ${conversion}`, { key: first });
  const files = { key, configuration: CONFIGURATION };
  const request = 'req -new -key key -config configuration';
  const extensions =
    '-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign';
  return {
    key,
    csr: await judged(`${request} -subj /CN=a.example -addext subjectAltName=DNS:a.example`, files),
    ca: await judged(`${request} -x509 -days 3000 -subj /CN=Root ${extensions}`, files),
  };
}

async function sign(
  csr: string,
  { ca, key }: Pick<Written, 'ca' | 'key'>,
  reading: NotedReading,
  profile: Profile = END_ENTITY,
) {
  const signer = await decodePrivateKey(keys, 'ca_private_key', new Uint8Array(Buffer.from(key)), reading);
  return domain.issuer().signCsr({
    profile,
    days: 30,
    isDefaultProfile: false,
    content: async () => ({
      request: readReceivedRequest(readPemOrDer(csr, 'CERTIFICATE REQUEST', reading), reading),
      authority: {
        certificates: [readReceivedCertificate(readPemOrDer(ca, 'CERTIFICATE', reading), reading)],
        signer,
      },
      subjectAltNames: [],
      reading,
    }),
  });
}

const EC = '-algorithm EC -pkeyopt ec_paramgen_curve:';
const PSS = '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048';
const RESTRICTED = (digest: string, salt: number): string =>
  `${PSS} -pkeyopt rsa_pss_keygen_md:${digest} -pkeyopt rsa_pss_keygen_mgf1_md:${digest} -pkeyopt rsa_pss_keygen_saltlen:${salt}`;

/** Arguments of genpkey and pkey, the note, and what OpenSSL shows of the key of the certificate. */
const FORMS: readonly [name: string, generation: string, conversion: string, code: string, shown: RegExp][] =
  [
    [
      'P-256, compressed',
      `${EC}P-256`,
      '-ec_conv_form compressed',
      'ec-point-form',
      /04:[\s\S]*NIST CURVE: P-256/,
    ],
    [
      'P-384, compressed',
      `${EC}P-384`,
      '-ec_conv_form compressed',
      'ec-point-form',
      /04:[\s\S]*NIST CURVE: P-384/,
    ],
    ['P-521, hybrid', `${EC}P-521`, '-ec_conv_form hybrid', 'ec-point-form', /04:[\s\S]*NIST CURVE: P-521/],
    ['RSASSA-PSS', PSS, '', 'pss-key', /No PSS parameter restrictions/],
    [
      'RSASSA-PSS, SHA-256',
      RESTRICTED('sha256', 32),
      '',
      'pss-key',
      /restrictions:\s+Hash Algorithm: SHA2-256/,
    ],
    [
      'RSASSA-PSS, SHA-384 with the default salt',
      RESTRICTED('sha384', 20),
      '',
      'pss-key',
      /restrictions:\s+Hash Algorithm: SHA2-384/,
    ],
  ];

t.test('a CSR and a CA with a key in a tolerated form', skip, async (t) => {
  const root = await written('-algorithm ED25519');
  for (const [name, generation, conversion, code, shown] of FORMS) {
    const form = await written(generation, conversion);
    const forCsr = lenient();
    const leaf = await sign(form.csr, root, forCsr);
    t.match(forCsr.notes, [{ code, path: ['request'] }], name);
    t.equal(forCsr.notes.length, 1, `${name}: one note`);
    await verifyAll(t, { leaf: certificatePem(leaf.certificate) }, root.ca, '-purpose sslserver');
    const text = await judged('x509 -in leaf -noout -text', { leaf: certificatePem(leaf.certificate) });
    t.match(text, shown, `${name} as OpenSSL shows it`);
    const issued = readCertificate(checkDer(leaf.certificate));
    const { spki, bits } = readPublicKey(issued.subjectPublicKeyInfo, lenient());
    t.ok(same(spki, issued.subjectPublicKeyInfo), 'the encoding of the standards');
    t.ok(same(leaf.subjectKeyIdentifier, keyIdentifier(bits)));
    await t.rejects(
      sign(form.csr, root, createReading({ isStrict: true })),
      { name: 'PkiError' },
      `${name}, strictly`,
    );

    const other = await written('-algorithm ED25519');
    const forCa = lenient();
    const below = await sign(other.csr, form, forCa);
    t.same([...new Set(forCa.notes.map((note) => note.code))], [code], `${name} as a CA`);
    await verifyAll(t, { leaf: certificatePem(below.certificate) }, form.ca, '-purpose sslserver');
    await t.rejects(
      sign(form.csr, form, lenient()),
      { code: 'issuer-key-reused' },
      `${name} certifies itself`,
    );
    await t.rejects(
      sign(other.csr, { ca: form.ca, key: root.key }, lenient()),
      { code: 'key-mismatch' },
      `${name}, the key of another CA`,
    );
  }
});

t.test('a key for RSASSA-PSS gets no usage for encryption', skip, async (t) => {
  const root = await written('-algorithm ED25519');
  const { csr } = await written(PSS);
  const profile: Profile = { ...END_ENTITY, keyUsage: ['digitalSignature', 'keyEncipherment'] };
  await t.rejects(sign(csr, root, lenient(), profile), {
    code: 'invalid-extension',
    message: /RFC 4055 §1.2/,
  });
  await t.resolves(sign((await written('-algorithm RSA')).csr, root, lenient(), profile), 'RSA does');
  await t.resolves(sign(csr, await written(PSS), lenient(), CA), 'a CA with such a key');
});

t.test('private keys in the formats of OpenSSL before PKCS #8', skip, async (t) => {
  const cases: [string, string, string[]][] = [
    ['SEC 1 with parameters before it', 'ecparam -name prime256v1 -genkey', ['pem-label', 'traditional-key']],
    ['SEC 1', 'ecparam -name secp384r1 -genkey -noout', ['traditional-key']],
    ['PKCS #1', 'genrsa -traditional 2048', ['traditional-key']],
  ];
  for (const [name, command, codes] of cases) {
    const key = await judged(command, {});
    const der = Buffer.from(key.slice(key.lastIndexOf('-----BEGIN')).replace(/-----.*?-----/g, ''), 'base64');
    const publicKey = await judged('pkey -in key -pubout', { key });
    for (const text of [key, Buffer.from(key).toString('base64'), der.toString('base64')]) {
      const octets = new Uint8Array(Buffer.from(text));
      const reading = lenient();
      const read = await decodePrivateKey(keys, 'ca_private_key', octets, reading);
      t.equal(pem('PUBLIC KEY', read.publicKey.spki), publicKey, name);
      const isPem = text !== der.toString('base64');
      t.same(
        reading.notes.map(({ code }) => code),
        isPem ? codes : codes.filter((code) => code !== 'pem-label'),
        name,
      );
      await t.rejects(decodePrivateKey(keys, 'ca_private_key', octets), {
        code: 'invalid-encoding',
        path: ['ca_private_key'],
      });
      const again = lenient();
      await keys.importPrivateKey(checkDer(await read.exportPkcs8()), again);
      t.same(again.notes, [], `${name} is exported as PKCS #8`);
    }
  }
});

t.test('the command in the error for a curve that is written out converts the key', skip, async (t) => {
  const { csr, key } = await written(`${EC}P-384 -pkeyopt ec_param_enc:explicit`);
  const root = await written('-algorithm ED25519');
  const error = (await sign(csr, root, lenient()).catch((reason: unknown) => reason)) as PkiError;
  t.match(error, { code: 'unsupported-algorithm', path: ['request'], message: /the order of P-384/ });
  const [, command = ''] = /"openssl ([^"]+)"/.exec(error.message) ?? [];
  const converted = await judged(command, { 'key.pem': key });
  const traditional = await judged('pkey -in key -traditional', { key });
  for (const text of [key, traditional])
    await t.rejects(decodePrivateKey(keys, 'k', new Uint8Array(Buffer.from(text)), lenient()), {
      code: 'unsupported-algorithm',
      message: /the order of P-384/,
    });
  const reading = lenient();
  await decodePrivateKey(keys, 'k', new Uint8Array(Buffer.from(converted)), reading);
  t.same(reading.notes, [], 'nothing is left to tolerate');
});

t.test('a certificate with trust settings is read without them', skip, async (t) => {
  const { ca } = await written('-algorithm ED25519');
  const trusted = await judged('x509 -in ca -trustout -addtrust serverAuth -setalias example', { ca });
  t.match(trusted, /^-----BEGIN TRUSTED CERTIFICATE-----/);
  const reading = lenient();
  t.ok(same(readPemOrDer(trusted, 'CERTIFICATE', reading).der, readPemOrDer(ca, 'CERTIFICATE').der));
  t.match(reading.notes, [{ code: 'pem-label' }]);
  t.equal(pem('CERTIFICATE', readPemOrDer(trusted, 'CERTIFICATE', lenient()).der), ca);
});

t.test('the ML-DSA keys that OpenSSL writes outside RFC 9881', skip, async (t) => {
  for (const parameterSet of ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])
    for (const form of ['bare-seed', 'bare-priv', 'oqskeypair']) {
      const key = await judged(
        `genpkey -algorithm ${parameterSet} -provparam ml-dsa.output_formats=${form}`,
        {},
      );
      const reading = lenient();
      const read = await decodePrivateKey(keys, 'k', new Uint8Array(Buffer.from(key)), reading);
      t.match(reading.notes, [{ code: 'private-key-value' }], `${form} of ${parameterSet}`);
      t.equal(pem('PUBLIC KEY', read.publicKey.spki), await judged('pkey -in key -pubout', { key }));
      const written = pem('PRIVATE KEY', await read.exportPkcs8(form === 'bare-seed' ? 'seed' : 'expanded'));
      t.equal(pem('PUBLIC KEY', read.publicKey.spki), await judged('pkey -in key -pubout', { key: written }));
    }
});
