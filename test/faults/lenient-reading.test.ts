/**
 * Requests that deviate in any way: nothing but a PkiError is thrown, and whatever is signed is strict. OpenSSL agrees.
 */

import t from 'tap';
import { verifyAll } from '../interop/judge.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { fuzz } from '../support/lenient-fuzz.ts';
import { opensslMissing } from '../support/openssl.ts';

t.setTimeout(0);

/** FUZZ_COUNT is for runs by hand. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const SAMPLES = 50;

const { domain } = await openDomain(t);
const sampled = Math.max(1, Math.floor(COUNT / 4 / SAMPLES));
const result = await fuzz(domain, { seed: SEED, count: COUNT, sampled });

t.test('no certificate deviates, and no error is unexpected', async (t) => {
  t.same(result.faults.slice(0, 10), []);
  t.ok(result.signed > COUNT / 20, 'enough are signed');
  t.ok(result.refused > COUNT / 20, 'enough are refused');
  t.ok(result.notes > COUNT / 20, 'enough deviate');
  const { signed, notes, slowest } = result;
  t.comment(
    `T81: ${COUNT} requests, ${signed} signed with ${notes} notes, 0 deviate, the slowest took ${slowest.toFixed(1)} ms`,
  );
});

t.test('OpenSSL verifies the certificates', { skip: opensslMissing }, async (t) => {
  const files = result.certificates.map((der, index) => [`leaf${index}`, certificatePem(der)]);
  await verifyAll(t, Object.fromEntries(files), certificatePem(result.issuer), '-purpose sslserver');
});
