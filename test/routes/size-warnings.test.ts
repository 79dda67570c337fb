/** Sizes and warnings of replies with a certificate, against the octets themselves. */

import t, { type Test } from 'tap';
import { ML_DSA } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { SLH_DSA } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { partsOf, SIZE_LIMITS, sizeWarnings } from '../../src/x509/transport-limits.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const made = async (path: string, body: object) => {
  const { answer, statusCode } = await post(`/api/v1/${path}`, body);
  if (statusCode !== 200) throw new Error(JSON.stringify(answer));
  return answer;
};

/** The characters of a text after percent-encoding of all that are not unreserved (RFC 3986 §2.3). */
const escapedLength = (text: string): number => text.replaceAll(/[^\w.~-]/g, '%00').length;
const derOf = (pem: string): Buffer[] =>
  pem
    .split('-----END CERTIFICATE-----')
    .map((block) => Buffer.from(block.replace(/-----.*-----/g, ''), 'base64'))
    .filter(({ length }) => length > 0);

interface Sized {
  readonly certificate: string;
  readonly chain?: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly warnings: readonly { readonly code: string; readonly size: number; readonly limit: number }[];
}

function checkSizes(t: Test, { certificate, chain = certificate, sizes, warnings }: Sized): void {
  const pem = pemOf(certificate).toString();
  const total = derOf(pemOf(chain).toString()).reduce((sum, { length }) => sum + length, 0);
  t.match(sizes, { certificate: derOf(pem)[0]?.length, chain: total, url_encoded_pem: escapedLength(pem) });
  t.equal(
    warnings.some(({ code }) => code === 'proxy-header-buffer'),
    (sizes['url_encoded_pem'] ?? 0) > 8192,
  );
  for (const { size, limit } of warnings) t.ok(size > limit);
}

const ca = await made('certificate/generate', {
  subject: '/CN=CA',
  is_ca: true,
  security_level: 'ml-dsa-87',
});
const requested = await made('csr/generate', { subject: '/CN=a', security_level: 'ml-dsa-87' });
const signing = { csr: requested.csr, ca_certificate: ca.certificate, ca_private_key: ca.private_key };

t.test('sizes are those of the octets, and a limit that is exceeded is a warning', async (t) => {
  checkSizes(t, ca);
  const signed = await made('csr/sign', signing);
  checkSizes(t, signed);
  t.same(
    signed.warnings.map(({ code }: { code: string }) => code),
    ['proxy-header-buffer', 'tls-flight'],
  );
  const small = await made('certificate/generate', { subject: '/CN=a', security_level: 'ml-dsa-44' });
  t.same(small.warnings, []);
  const inspected = await made('certificate/inspect', { certificate: signed.certificate });
  t.equal(inspected.sizes.url_encoded_pem, signed.sizes.url_encoded_pem);
});

t.test('both certificates of a pair have sizes and warnings', async (t) => {
  const pair = await made('certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' });
  checkSizes(t, {
    certificate: pair.ml_dsa_certificate,
    sizes: pair.sizes.ml_dsa,
    warnings: pair.warnings.ml_dsa,
  });
  checkSizes(t, {
    certificate: pair.classical_certificate,
    sizes: pair.sizes.classical,
    warnings: pair.warnings.classical,
  });
});

t.test('a dry run has about the same sizes and the same warnings', async (t) => {
  const preview = await made('csr/sign', { ...signing, dry_run: true });
  const { sizes } = await made('csr/sign', signing);
  t.ok(Math.abs(preview.sizes.url_encoded_pem - sizes.url_encoded_pem) < sizes.url_encoded_pem / 20);
  t.equal(preview.warnings[0].code, 'proxy-header-buffer');
});

t.test('each limit is the largest size without a warning', (t) => {
  const codes = (size: number) =>
    sizeWarnings({ signedPart: size, keyAlgorithm: undefined }, { chain: size, urlEncodedPem: size }, 0).map(
      ({ code }) => code,
    );
  t.notOk(codes(SIZE_LIMITS['kms-raw-message'].limit).includes('kms-raw-message'));
  t.ok(codes(SIZE_LIMITS['kms-raw-message'].limit + 1).includes('kms-raw-message'));
  t.notOk(codes(SIZE_LIMITS['node-header'].limit).includes('node-header'));
  t.same(codes(SIZE_LIMITS['node-header'].limit + 1), Object.keys(SIZE_LIMITS));
  t.end();
});

t.test('the signature of a TLS server is that of the algorithm of its key', async (t) => {
  const warned = (keyAlgorithm: string | undefined) =>
    sizeWarnings({ signedPart: 0, keyAlgorithm }, { chain: 7_000, urlEncodedPem: 0 }, 1).map(
      ({ size }) => size - 7_005,
    );
  t.same(warned('1.3.101.112'), [], 'Ed25519, whose keys are as long as those of SLH-DSA');
  t.same(warned(SLH_DSA['slh-dsa-sha2-128s'].oid), [7856]);
  t.same(warned(SLH_DSA['slh-dsa-sha2-128f'].oid), [17_088]);
  for (const [key_algorithm, { oid }] of [
    ['slh-dsa-sha2-128f', SLH_DSA['slh-dsa-sha2-128f']],
    ['ml-dsa-65', ML_DSA['ml-dsa-65']],
  ] as const) {
    const { certificate } = await made('certificate/generate', { subject: '/CN=a', key_algorithm });
    const [der = Buffer.alloc(0)] = derOf(pemOf(certificate).toString());
    t.equal(partsOf(der).keyAlgorithm, oid);
  }
});
