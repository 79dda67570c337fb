/** Keys as programs write them, sent over the API: `notes` says where, and a strict reading rejects them. */

import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { decodePem } from '../../src/formats/pem.ts';
import { judged, verifyAll } from '../interop/judge.ts';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { provenStrict } from '../support/strict-output.ts';

const app = await startApp(t);
const post = poster(app);
const skip = { skip: opensslMissing };

const configuration = '[req]\ndistinguished_name = dn\n[dn]\n';
const EXTENSIONS = '-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign';

const caOf = (key: string): Promise<string> =>
  judged(`req -x509 -new -key key -config configuration -days 3000 -subj /CN=Root ${EXTENSIONS}`, {
    key,
    configuration,
  });

const csrOf = (key: string): Promise<string> =>
  judged('req -new -key key -config configuration -subj /CN=a.example', { key, configuration });

const edKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

interface Case {
  readonly csr?: string;
  readonly ca_certificate?: string;
  readonly ca_private_key?: string;
  readonly notes: readonly (readonly [code: string, at: string])[];
  /** The code of the error in a strict reading, and its member. */
  readonly strict: readonly [code: string, pointer: string];
}

/** What differs from a usual request. */
async function cases(): Promise<Record<string, Case>> {
  const sec1 = await judged('ecparam -name prime256v1 -genkey', {});
  const pss = await judged('genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048', {});
  const point = await judged('pkey -in key -ec_conv_form compressed', { key: sec1 });
  const oqs = await judged('genpkey -algorithm ML-DSA-65 -provparam ml-dsa.output_formats=oqskeypair', {});
  const trusted = await judged('x509 -in ca -trustout -addtrust serverAuth', { ca: await caOf(edKey) });
  return {
    'a key of ecparam -genkey': {
      ca_certificate: await caOf(sec1),
      ca_private_key: sec1,
      notes: [
        ['pem-label', '/ca_private_key'],
        ['traditional-key', '/ca_private_key'],
      ],
      strict: ['invalid-encoding', '/ca_private_key'],
    },
    'a CA with a compressed point': {
      ca_certificate: await caOf(point),
      ca_private_key: point,
      notes: [
        ['ec-point-form', '/ca_private_key'],
        ['ec-point-form', '/ca_certificate'],
      ],
      strict: ['invalid-public-key', '/ca_private_key'],
    },
    'a CA with a key for RSASSA-PSS': {
      ca_certificate: await caOf(pss),
      ca_private_key: pss,
      notes: [
        ['pss-key', '/ca_private_key'],
        ['pss-key', '/ca_certificate'],
      ],
      strict: ['unsupported-algorithm', '/ca_private_key'],
    },
    'a trusted certificate': {
      ca_certificate: trusted,
      ca_private_key: edKey,
      notes: [['pem-label', '/ca_certificate']],
      strict: ['invalid-encoding', '/ca_certificate'],
    },
    'a key of oqs-provider': {
      ca_certificate: await caOf(oqs),
      ca_private_key: oqs,
      notes: [['private-key-value', '/ca_private_key']],
      strict: ['invalid-private-key', '/ca_private_key'],
    },
    'a CSR with a compressed point': {
      csr: await csrOf(point),
      notes: [['ec-point-form', '/csr']],
      strict: ['invalid-public-key', '/csr'],
    },
    'a CSR with a key for RSASSA-PSS': {
      csr: await csrOf(pss),
      notes: [['pss-key', '/csr']],
      strict: ['unsupported-algorithm', '/csr'],
    },
  };
}

t.test('keys of OpenSSL are read, noted and certified strictly', skip, async (t) => {
  const usual = { csr: await csrOf(edKey), ca_certificate: await caOf(edKey), ca_private_key: edKey };
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  usual.csr = await csrOf(other.export({ format: 'pem', type: 'pkcs8' }).toString());
  for (const [name, { notes, strict, ...changed }] of Object.entries(await cases())) {
    const body = { ...usual, ...changed, days: 30 };
    const { statusCode, answer } = await post('/api/v1/csr/sign', body);
    t.equal(statusCode, 200, `${name}: ${answer.detail}`);
    const found = answer.notes.map(({ code, at }: { code: string; at: string }) => [code, at]);
    t.same(found, notes, name);
    const leaf = pemOf(answer.certificate).toString();
    provenStrict(t, decodePem(leaf, 'CERTIFICATE'));
    await verifyAll(
      t,
      { leaf },
      await judged('x509 -in ca', { ca: body.ca_certificate }),
      '-purpose sslserver',
    );
    const dry = await post('/api/v1/csr/sign', { ...body, dry_run: true });
    t.equal(dry.statusCode, 200, `${name}, dry run: ${dry.answer.detail}`);
    // Of ECDSA, the size is that of the longest signature
    const longer = dry.answer.sizes.signature - answer.sizes.signature;
    t.ok(longer >= 0 && longer < 9, `${name}: the dry run knows the size of the signature`);
    const rejected = await post('/api/v1/csr/sign', { ...body, strict: true });
    t.equal(rejected.statusCode, 400, `${name}, strictly`);
    const [code, pointer] = strict;
    t.match(rejected.answer, { code, errors: [{ pointer }] });
  }
});
