/** OpenSSL verifies the responses about good, revoked and unknown certificates, for every kind of key. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { KeyAlgorithmName } from '../../src/keys/key.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { runProgram } from '../support/children.ts';
import { openssl, opensslMissing, opensslProgram } from '../support/openssl.ts';
import {
  createAuthority,
  FAST_ALGORITHMS,
  issueCertificate,
  revoke,
  startOcsp,
  type OcspService,
} from '../support/ocsp.ts';

t.setTimeout(0);

const NEVER_ISSUED = '0x7700000000000000000000000000000000000077';

interface Subjects {
  readonly files: Readonly<Record<string, Uint8Array>>;
}

async function certificatesOf({ domain }: OcspService, algorithm: KeyAlgorithmName): Promise<Subjects> {
  const { certificate, name } = await createAuthority(domain, algorithm, algorithm);
  const good = await issueCertificate(domain, name);
  const revoked = await issueCertificate(domain, name);
  await revoke(domain, revoked, 4, new Date('2026-02-03T04:05:06Z'));
  return {
    files: {
      'ca.pem': encodePem('CERTIFICATE', certificate),
      'good.pem': encodePem('CERTIFICATE', good.der),
      'revoked.pem': encodePem('CERTIFICATE', revoked.der),
    },
  };
}

async function ask(t: Test, url: string, { files }: Subjects, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await openssl(
    ['ocsp', '-issuer', 'ca.pem', ...args, '-CAfile', 'ca.pem', '-url', url],
    { files },
  );
  t.match(stderr, /Response verify OK/, args.join(' '));
  t.equal(code, 0);
  return stdout.toString();
}

const OPTIONS = [[], ['-no_nonce'], ['-sha256'], ['-sha256', '-no_nonce']];

async function expectVerified(
  t: Test,
  signer: string,
  algorithms: readonly KeyAlgorithmName[],
  choices: readonly (readonly string[])[],
): Promise<void> {
  const service = await startOcsp(t, { OCSP_SIGNER: signer });
  for (const algorithm of algorithms) {
    const subjects = await certificatesOf(service, algorithm);
    for (const options of choices) {
      const certs = ['-cert', 'good.pem', '-cert', 'revoked.pem', '-serial', NEVER_ISSUED];
      const text = await ask(t, service.url, subjects, [...options, ...certs]);
      t.match(text, /good\.pem: good/, `${algorithm} ${options.join(' ')}`);
      t.match(text, /revoked\.pem: revoked/);
      t.match(text, /Reason: superseded/);
      t.match(text, /Revocation Time: Feb {2}3 04:05:06 2026 GMT/);
      t.match(text, new RegExp(`${NEVER_ISSUED}: unknown`));
      t.match(await ask(t, service.url, subjects, [...options, '-cert', 'good.pem']), /good\.pem: good/);
    }
  }
}

t.test('OpenSSL verifies responses of delegated responders', { skip: opensslMissing }, (t) =>
  expectVerified(t, 'delegated', FAST_ALGORITHMS, OPTIONS),
);

t.test('OpenSSL verifies responses of authorities themselves', { skip: opensslMissing }, (t) =>
  expectVerified(t, 'authority', ['ml-dsa-65', 'rsa-3072', 'ecdsa-p256', 'ed25519'], OPTIONS.slice(1, 3)),
);

t.test('OpenSSL reads what GET returns for its own request', { skip: opensslMissing }, async (t) => {
  const { url, domain } = await startOcsp(t);
  const { certificate, name } = await createAuthority(domain, 'root', 'ml-dsa-65');
  const good = await issueCertificate(domain, name);
  const files = {
    'ca.pem': encodePem('CERTIFICATE', certificate),
    'good.pem': encodePem('CERTIFICATE', good.der),
  };
  const about = ['-issuer', 'ca.pem', '-cert', 'good.pem', '-no_nonce'];
  // The folder of the store, which `t.testdir` would empty
  const folder = t.testdirName;
  for (const [name, octets] of Object.entries(files)) await writeFile(join(folder, name), octets);
  await runProgram(t, opensslProgram, ['ocsp', ...about, '-reqout', 'request.der'], { cwd: folder });
  const request = await readFile(join(folder, 'request.der'));
  const reply = await fetch(`${url}/${encodeURIComponent(request.toString('base64'))}`);
  const response = new Uint8Array(await reply.arrayBuffer());
  const { stdout, stderr } = await openssl(
    ['ocsp', ...about, '-respin', 'response.der', '-CAfile', 'ca.pem'],
    { files: { ...files, 'response.der': response } },
  );
  t.match(stderr, /Response verify OK/);
  t.match(stdout.toString(), /good\.pem: good/);
});
