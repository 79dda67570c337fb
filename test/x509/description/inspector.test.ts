import { createHash, createPublicKey, hash, X509Certificate } from 'node:crypto';
import t, { type Test } from 'tap';
import { ML_DSA_PARAMETER_SETS } from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../../../src/base/errors.ts';
import { flipBit } from '../../algorithms/ml-dsa/octets.ts';
import { rfc9881, rfc9881Text } from '../../formats/rfc9881.ts';
import { judged } from '../../interop/judge.ts';
import {
  attribute,
  attributesField,
  craftCertificate,
  craftRequest,
  extension,
  extensionRequest,
  hexadecimal,
  octets,
} from '../../support/crafted.ts';
import { certificatePem, openDomain, requestPem } from '../../support/domain.ts';
import type { TextInspector } from '../../support/texts.ts';
import { opensslMissing } from '../../support/openssl.ts';

const { keys, inspector, issuer } = await openDomain(t);
const skip = { skip: opensslMissing };

type CertificateReply = Awaited<ReturnType<TextInspector['certificate']>>;

/** What node:crypto reads in a certificate must be what the description says. */
function agreesWithNode(t: Test, certificate: string, shown: CertificateReply): void {
  const read = new X509Certificate(certificate);
  const spki = read.publicKey.export({ format: 'der', type: 'spki' });
  t.match(shown, {
    serial_number: read.serialNumber,
    not_before: read.validFromDate.toISOString().replace('.000', ''),
    not_after: read.validToDate.toISOString().replace('.000', ''),
    is_ca: read.ca,
    fingerprints: { sha1: read.fingerprint, sha256: read.fingerprint256 },
    public_key: { sha256_fingerprint: hexadecimal(hash('sha256', spki, 'buffer')), size: spki.length },
    sizes: { certificate: read.raw.length, pem: certificate.length },
  });
  const oneLine = (name: string): string => `/${name.replaceAll('\n', '/')}`;
  t.equal(shown.subject, oneLine(read.subject));
  t.equal(shown.issuer, oneLine(read.issuer));
}

const RFC9881_SIZES = {
  'ml-dsa-44': [1312, 2420],
  'ml-dsa-65': [1952, 3309],
  'ml-dsa-87': [2592, 4627],
} as const;

t.test('the certificates of RFC 9881 are described', async (t) => {
  for (const level of ML_DSA_PARAMETER_SETS) {
    const file = `${level.toUpperCase()}.crt`;
    const text = rfc9881Text(file);
    const shown = await inspector.certificate(text);
    const { public_key: publicKey, signature } = shown.sizes;
    t.same([publicKey, signature], RFC9881_SIZES[level]);
    t.match(shown, {
      version: 3,
      subject: '/O=IETF/CN=LAMPS WG',
      not_before: '2020-02-03T04:32:10Z',
      not_after: '2040-01-29T04:32:10Z',
      self_issued: true,
      signature_valid: true,
      signature_algorithm: level.toUpperCase(),
      public_key: { algorithm: level },
      key_usage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
      san: [],
    });
    t.notOk(shown.authority_key_identifier);
    const key = createPublicKey(rfc9881Text(`${level.toUpperCase()}.pub`));
    const bits = key.export({ format: 'der', type: 'spki' }).subarray(-publicKey);
    // their method: 160 bits of SHAKE256
    const identifier = hexadecimal(createHash('shake256', { outputLength: 20 }).update(bits).digest());
    t.equal(shown.subject_key_identifier, identifier);
    agreesWithNode(t, certificatePem(rfc9881(file)), shown);
  }
});

t.test('every form of input gives the same description', async (t) => {
  const der = rfc9881('ML-DSA-44.crt');
  const text = certificatePem(der);
  const wanted = await inspector.certificate(text);
  for (const form of [Buffer.from(text), Buffer.from(der)])
    t.same(await inspector.certificate(form.toString('base64')), wanted);
  t.same(await inspector.certificate(`Some text\r\n${text.replaceAll('\n', '\r\n')}`), wanted);
  await t.rejects(inspector.certificate('nothing'), { code: 'invalid-encoding' });
  await t.rejects(inspector.request(text), { code: 'invalid-encoding' });
});

t.test('what we issue is described as node:crypto reads it', async (t) => {
  for (const algorithm of ['ml-dsa-44', 'rsa-2048', 'ecdsa-p384', 'ed25519'] as const) {
    const content = {
      algorithm,
      subject: '/CN=a/O=Example/C=US',
      san: ['a.example', 'IP:2001:db8::1'],
      days: 9,
    };
    const certificate = certificatePem((await issuer.selfSigned({ ...content, isCa: false })).certificate);
    const shown = await inspector.certificate(certificate);
    agreesWithNode(t, certificate, shown);
    t.match(shown, {
      public_key: { algorithm },
      signature_valid: true,
      san: ['DNS:a.example', 'IP:2001:db8::1'],
    });
    t.same(
      shown.extensions.map(({ name, critical }) => (critical ? `${name}, critical` : name)),
      [
        'basicConstraints, critical',
        'keyUsage, critical',
        'extendedKeyUsage',
        'subjectKeyIdentifier',
        'authorityKeyIdentifier',
        'subjectAltName',
      ],
    );
  }
});

t.test(
  'an invalid signature is reported; without the issuer nothing is said about the signature',
  async (t) => {
    const key = await keys.generate('ml-dsa-44');
    const good = await craftCertificate(key);
    const changed = flipBit(good, (good.length - 9) * 8);
    t.equal(
      (await inspector.certificate(certificatePem(good))).signature_valid,
      true,
      'the signature is valid',
    );
    t.equal(
      (await inspector.certificate(certificatePem(changed))).signature_valid,
      false,
      'a changed signature is invalid',
    );
    const foreign = await craftCertificate(key, {
      issuer: octets('30 0c 31 0a 30 08 06 03 55 04 03 0c 01 78'),
    });
    t.match(await inspector.certificate(certificatePem(foreign)), {
      self_issued: false,
      signature_valid: null,
    });
    const request = await craftRequest(key);
    t.equal(
      (await inspector.request(requestPem(request))).signature_valid,
      true,
      'the signature of the CSR is valid',
    );
    const changedRequest = flipBit(request, (request.length - 9) * 8);
    t.equal(
      (await inspector.request(requestPem(changedRequest))).signature_valid,
      false,
      'a changed signature of a CSR is invalid',
    );
  },
);

t.test('old and odd certificates are shown', async (t) => {
  const key = await keys.generate('ml-dsa-44');
  const none = { basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined };
  const v1 = await inspector.certificate(
    certificatePem(await craftCertificate(key, { version: 1, extensions: none })),
  );
  t.match(v1, { version: 1, is_ca: false, extensions: [], signature_valid: true });
  const odd = await craftCertificate(key, {
    extensions: {
      keyUsage: extension('2.5.29.15', true, '03 02 00 06'),
      own: extension('1.2.3.4', true, '05 00'),
    },
  });
  const shown = await inspector.certificate(certificatePem(odd));
  t.match(shown.extensions[1], { name: 'keyUsage', value: ['keyCertSign', 'cRLSign'] });
  t.match(shown.extensions[3], { oid: '1.2.3.4', name: '1.2.3.4', critical: true, value: ['05:00'] });
  t.notOk(shown.key_usage, 'what is malformed is not summarised');
});

/** Words for a new key and a self-signed certificate of it, and how they are shown. */
const FOREIGN: readonly [words: string, key: string, signature: string, valid: boolean | null][] = [
  ['rsa:2048 -sha256', 'rsa-2048', 'sha256WithRSAEncryption', true],
  ['rsa:2048 -sha384 -sigopt rsa_padding_mode:pss', 'rsa-2048', 'RSASSA-PSS', true],
  ['rsa:2048 -sha1', 'rsa-2048', 'sha1WithRSAEncryption', null],
  ['rsa:1024 -sha256', 'rsaEncryption', 'sha256WithRSAEncryption', null],
  ['rsa-pss -pkeyopt rsa_keygen_bits:2048', 'RSASSA-PSS', 'RSASSA-PSS', null],
  ['ec -pkeyopt ec_paramgen_curve:secp256k1', 'id-ecPublicKey', 'ecdsa-with-SHA256', null],
  ['ec -pkeyopt ec_paramgen_curve:P-521 -sha512', 'ecdsa-p521', 'ecdsa-with-SHA512', true],
  ['ed25519', 'ed25519', 'Ed25519', true],
  ['ed448', 'Ed448', 'Ed448', null],
  ['slh-dsa-shake-128f', 'slh-dsa-shake-128f', 'SLH-DSA-SHAKE-128f', true],
  ['ml-dsa-87', 'ml-dsa-87', 'ML-DSA-87', true],
];

t.test('certificates and requests of OpenSSL are shown, those that are not accepted too', skip, async (t) => {
  const configuration = '[req]\ndistinguished_name = dn\n[dn]\n';
  const words = '-nodes -keyout /dev/null -config configuration -subj /CN=a.example/O=Example';
  for (const [newKey, key, signature, valid] of FOREIGN) {
    const certificate = await judged(`req -x509 -newkey ${newKey} ${words}`, { configuration });
    const shown = await inspector.certificate(certificate);
    agreesWithNode(t, certificate, shown);
    const wanted = { public_key: { algorithm: key }, signature_algorithm: signature };
    t.match(shown, wanted, newKey);
    t.equal(shown.signature_valid, valid);
    const csr = await judged(`req -new -newkey ${newKey} ${words}`, { configuration });
    const request = await inspector.request(csr);
    t.match(request, { ...wanted, subject: '/CN=a.example/O=Example' });
    t.equal(request.signature_valid, valid);
  }
});

t.test('a request is shown with what it asks for, but not with its password', async (t) => {
  const password = attribute('1.2.840.113549.1.9.7', octets('0c 06 63 61 6e 61 72 79'));
  const asked = [
    extension('2.5.29.17', false, '30 03 82 01 61'),
    extension('2.5.29.19', true, '30 03 01 01 ff'),
  ];
  const csr = await craftRequest(await keys.generate('ml-dsa-44'), {
    attributes: [attributesField(password, extensionRequest(...asked))],
  });
  const shown = await inspector.request(requestPem(csr));
  t.match(shown, {
    version: 1,
    subject: '/CN=crafted.example',
    signature_algorithm: 'ML-DSA-44',
    attributes: ['challengePassword', 'extensionRequest'],
    attribute_values: [
      { name: 'challengePassword', value: ['present, not shown'] },
      { name: 'extensionRequest', value: ['subjectAltName', 'basicConstraints'] },
    ],
    san: ['DNS:a'],
    is_ca: true,
    requested_extensions: [
      { name: 'subjectAltName', critical: false, value: ['DNS:a'] },
      { name: 'basicConstraints', critical: true, value: ['CA:TRUE'] },
    ],
    sizes: { csr: csr.length, pem: requestPem(csr).length, public_key: 1312, signature: 2420 },
  });
  t.equal(shown.fingerprints.sha256, hexadecimal(hash('sha256', csr, 'buffer')));
  t.notMatch(JSON.stringify(shown), /canary/);
});

t.test('one flipped bit, wherever it is, makes no certificate a bug', async (t) => {
  const { certificate } = await issuer.selfSigned({
    algorithm: 'ed25519',
    subject: '/CN=a/C=US',
    san: ['a.example', 'dirName:/CN=b', 'RID:1.2.3'],
    days: 9,
    isCa: true,
  });
  const believed: number[] = [];
  let refused = 0;
  for (let bit = 0; bit < certificate.length * 8; bit += 1) {
    const changed = Buffer.from(flipBit(certificate, bit)).toString('base64');
    try {
      if ((await inspector.certificate(changed)).signature_valid === true) believed.push(bit);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      refused += 1;
    }
  }
  t.same(believed, []);
  t.ok(refused > 0 && refused < certificate.length * 8, 'some are refused, others shown');
});
