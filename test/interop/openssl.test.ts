/** OpenSSL 3.5 checks what the service issues: certificates of every algorithm, chains, CSRs, and their content. */

import { createPublicKey, hash } from 'node:crypto';
import t from 'tap';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import type { IssuedCertificate } from '../../src/ca/issued-certificate.ts';
import { KEY_FORMATS, type KeyAlgorithmName } from '../../src/keys/key.ts';
import { authority, certificatePem, openDomain, pem, requestPem } from '../support/domain.ts';
import type { SignCsrText } from '../support/texts.ts';
import { opensslMissing } from '../support/openssl.ts';
import { judged, verifyAll } from './judge.ts';

const { issuer } = await openDomain(t);
const skip = { skip: opensslMissing };

const ALGORITHMS: readonly KeyAlgorithmName[] = [
  ...ML_DSA_PARAMETER_SETS,
  'rsa-2048',
  'ecdsa-p256',
  'ecdsa-p384',
  'ed25519',
];

const subject = '/CN=www.example.com/O=Example Org/C=US';
const san = ['www.example.com', '*.example.com', 'IP:192.0.2.1', 'IP:2001:db8::1'];

const selfSigned = (algorithm: KeyAlgorithmName, isCa: boolean) =>
  issuer.selfSigned({ algorithm, subject, san, days: 365, isCa });

/** A self-signed CA that is valid for ten years. */
async function createCa(algorithm: KeyAlgorithmName, commonName = `${algorithm} root`) {
  const { certificate, key } = await issuer.selfSigned({
    algorithm,
    subject: `/CN=${commonName}/O=Example Org`,
    days: 3650,
    isCa: true,
  });
  return { certificate: certificatePem(certificate), member: await authority(certificate, key) };
}

type Member = Awaited<ReturnType<typeof createCa>>['member'];

const sign = (csr: string, ca: Member, wish: Partial<SignCsrText> = {}): Promise<IssuedCertificate> =>
  issuer.signCsr({ csr, ...ca, days: 365, isCa: false, ...wish });

t.test('a self-signed certificate is verified, as end entity and as CA', skip, async (t) => {
  const certificates: Record<string, string> = {};
  for (const algorithm of ALGORITHMS) {
    for (const isCa of [false, true]) {
      const { certificate } = await selfSigned(algorithm, isCa);
      certificates[`${algorithm}-${isCa ? 'ca' : 'leaf'}`] = certificatePem(certificate);
    }
  }
  await verifyAll(t, certificates, Object.values(certificates).join(''), '-check_ss_sig');
});

t.test('both certificates of a hybrid pair are verified', skip, async (t) => {
  for (const classical of ['rsa-3072', 'ecdsa-p256'] as const) {
    const content = { subject, san, days: 30, isCa: false };
    const pair = await issuer.hybridPair({ parameterSet: 'ml-dsa-65', classical, ...content });
    const certificates = {
      mlDsa: certificatePem(pair.mlDsa.certificate),
      classical: certificatePem(pair.classical.certificate),
    };
    await verifyAll(
      t,
      certificates,
      Object.values(certificates).join(''),
      '-check_ss_sig -purpose sslserver',
    );
  }
});

t.test('a CA of each algorithm certifies keys of every other algorithm', skip, async (t) => {
  const requests = await Promise.all(
    ALGORITHMS.map(async (algorithm) => {
      const { csr } = await issuer.createCsr({ algorithm, subject: `/CN=${algorithm}`, san });
      return requestPem(csr);
    }),
  );
  for (const algorithm of ALGORITHMS) {
    const ca = await createCa(algorithm);
    const leaves = await Promise.all(requests.map((csr) => sign(csr, ca.member)));
    const named = leaves.map(({ certificate, keyAlgorithm }) => [keyAlgorithm, certificatePem(certificate)]);
    t.comment(`under ${algorithm}`);
    const purpose = '-purpose sslserver -verify_hostname www.example.com';
    await verifyAll(t, Object.fromEntries(named), ca.certificate, purpose);
  }
});

t.test('a chain is verified, and its intermediate CA has the requested path length', skip, async (t) => {
  const root = await createCa('ml-dsa-87');
  const asked = await issuer.createCsr({ algorithm: 'ml-dsa-65', subject: '/CN=Intermediate' });
  const intermediate = await sign(requestPem(asked.csr), root.member, { isCa: true, pathLength: 0 });
  const member = await authority(intermediate.certificate, asked.key);
  const leafRequest = await issuer.createCsr({ algorithm: 'ml-dsa-44', subject, san });
  const leaf = await sign(requestPem(leafRequest.csr), member, { days: 30 });
  const files = {
    root: root.certificate,
    intermediate: certificatePem(intermediate.certificate),
    leaf: certificatePem(leaf.certificate),
  };
  const verify = 'verify -x509_strict -purpose sslserver -verify_ip 192.0.2.1';
  t.match(await judged(`${verify} -CAfile root -untrusted intermediate leaf`, files), /^leaf: OK/);
  await t.rejects(judged(`${verify} -CAfile root leaf`, files), /unable to get local issuer certificate/);
  t.match(await judged('x509 -in intermediate -noout -text', files), /CA:TRUE, pathlen:0/);
});

t.test('CSRs are verified', skip, async (t) => {
  for (const algorithm of ALGORITHMS) {
    const { csr } = await issuer.createCsr({ algorithm, subject, san });
    const text = await judged('req -in csr -verify -noout -text', { csr: requestPem(csr) });
    t.match(text, /Subject: CN\s*=\s*www.example.com, O\s*=\s*Example Org, C\s*=\s*US/, algorithm);
    t.match(text, /DNS:www.example.com, DNS:\*.example.com, IP Address:192.0.2.1, IP Address:2001:DB8:0/);
  }
  const { csr } = await issuer.createCsr({ algorithm: 'ml-dsa-44', subject });
  t.match(
    await judged('req -in csr -verify -noout -text', { csr: requestPem(csr) }),
    /Attributes:\s+\(none\)/,
  );
});

t.test('private keys in every form, and public keys, are valid', skip, async (t) => {
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const { key } = await selfSigned(parameterSet, false);
    for (const format of KEY_FORMATS) {
      const files = { key: pem('PRIVATE KEY', await key.exportPkcs8(format)) };
      t.match(
        await judged('pkey -in key -check -noout', files),
        /Key is valid/,
        `${parameterSet} as ${format}`,
      );
    }
    const files = { key: pem('PUBLIC KEY', key.publicKey.spki) };
    t.match(await judged('pkey -pubin -in key -pubcheck -noout', files), /Key is valid/, parameterSet);
  }
});

/** Returns what OpenSSL prints of the extensions, and nothing else. */
const EXTENSIONS_ONLY = `no_header,no_version,no_serial,no_signame,no_validity,no_subject,no_issuer,no_pubkey,no_sigdump,no_aux`;

const extensionsOf = async (certificate: string): Promise<string> =>
  judged(`x509 -in certificate -noout -text -certopt ${EXTENSIONS_ONLY},ext_error`, { certificate });

const lines = (...text: readonly string[]): string => text.map((line) => `${line}\n`).join('');

/** Returns the key identifier by RFC 7093 §2 method 1. node:crypto reads the key. */
function identifierOf(certificate: string): string {
  const spki = createPublicKey(certificate).export({ format: 'der', type: 'spki' });
  const identifier = hash('sha256', spki.subarray(-1312), 'hex').slice(0, 40);
  return identifier.toUpperCase().replace(/..(?=.)/g, '$&:');
}

const ALL_NAMES = [
  'bücher.example',
  'IP:192.0.2.1',
  'email:a@b.example',
  'URI:https://b.example/c',
  'RID:1.2.3.4',
  'dirName:/CN=a/C=US',
];

const SAN_LINE =
  '                DNS:xn--bcher-kva.example, IP Address:192.0.2.1, email:a@b.example, URI:https://b.example/c, ' +
  'Registered ID:1.2.3.4, DirName:/CN=a/C=US';

t.test('a certificate has exactly the extensions of its profile', skip, async (t) => {
  const { certificate: root, member } = await createCa('ml-dsa-44');
  const identifier = identifierOf(root);
  t.equal(
    await extensionsOf(root),
    lines(
      '        X509v3 extensions:',
      '            X509v3 Basic Constraints: critical',
      '                CA:TRUE',
      '            X509v3 Key Usage: critical',
      '                Digital Signature, Certificate Sign, CRL Sign',
      '            X509v3 Subject Key Identifier: ',
      `                ${identifier}`,
      '            X509v3 Authority Key Identifier: ',
      `                ${identifier}`,
    ),
  );
  const asked = await issuer.createCsr({
    algorithm: 'ml-dsa-44',
    subject: '/CN=a',
    san: ALL_NAMES,
  });
  const leaf = certificatePem((await sign(requestPem(asked.csr), member)).certificate);
  t.equal(
    await extensionsOf(leaf),
    lines(
      '        X509v3 extensions:',
      '            X509v3 Basic Constraints: critical',
      '                CA:FALSE',
      '            X509v3 Key Usage: critical',
      '                Digital Signature',
      '            X509v3 Extended Key Usage: ',
      '                TLS Web Server Authentication, TLS Web Client Authentication',
      '            X509v3 Subject Key Identifier: ',
      `                ${identifierOf(leaf)}`,
      '            X509v3 Authority Key Identifier: ',
      `                ${identifier}`,
      '            X509v3 Subject Alternative Name: ',
      SAN_LINE,
    ),
  );
});

t.test('without a subject the names are critical', skip, async (t) => {
  const { member, certificate: ca } = await createCa('ml-dsa-44');
  const asked = await issuer.createCsr({ algorithm: 'ml-dsa-44', subject: '', san });
  const files = { ca, leaf: certificatePem((await sign(requestPem(asked.csr), member)).certificate) };
  t.match(await extensionsOf(files.leaf), /Subject Alternative Name: critical/);
  await t.resolves(judged('verify -x509_strict -verify_hostname www.example.com -CAfile ca leaf', files));
});
