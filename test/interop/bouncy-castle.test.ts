/** Bouncy Castle verifies CRLs and OCSP responses about good, revoked and unknown certificates, for every kind of key. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { KeyAlgorithmName } from '../../src/keys/key.ts';
import { judgeFolders, bouncyCastleMissing } from '../support/bouncy-castle.ts';
import { activeKey, openCrls, type TestCrls } from '../support/crl.ts';
import { createAuthority, FAST_ALGORITHMS, issueCertificate, ocspRequest, revoke } from '../support/ocsp.ts';
import { admit, derOf, openResponder, type Opened } from '../support/responder.ts';

t.setTimeout(0);

const NEVER_ISSUED = new Uint8Array(20).fill(0x77);

type Files = Readonly<Record<string, Uint8Array>>;

async function filesOf(opened: Opened, crls: TestCrls, algorithm: KeyAlgorithmName): Promise<Files> {
  const ca = await createAuthority(opened, algorithm, algorithm);
  const [good, revoked] = [await issueCertificate(opened, ca.name), await issueCertificate(opened, ca.name)];
  await revoke(opened, revoked, 4);
  await crls.publisher.run();
  const request = ocspRequest(ca, [good.serial, revoked.serial, NEVER_ISSUED]);
  return {
    'ca.der': ca.certificate,
    'good.der': good.der,
    'revoked.der': revoked.der,
    'crl.der': await crls.newest((await activeKey(opened, ca.name)).key),
    'ocsp.der': derOf(await opened.responder.respond(request, admit)),
  };
}

/** The last octet is part of the signature in a CRL, and in a response without a certificate. */
function tampered(der: Uint8Array): Uint8Array {
  const changed = new Uint8Array(der);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return changed;
}

t.test('Bouncy Castle verifies CRLs and OCSP responses', { skip: bouncyCastleMissing }, async (t) => {
  const folder = t.testdir({});
  const write = (name: string, files: Files): string => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [file, octets] of Object.entries(files)) writeFileSync(join(path, file), octets);
    return path;
  };
  const folders: string[] = [];
  for (const signer of ['delegated', 'authority'] as const) {
    const opened = await openResponder(t, { signer });
    const crls = openCrls(opened);
    for (const algorithm of FAST_ALGORITHMS) {
      const files = await filesOf(opened, crls, algorithm);
      folders.push(write(`${algorithm}-${signer}`, files));
      if (signer === 'delegated') continue;
      const [crl, ocsp] = [files['crl.der'], files['ocsp.der']];
      if (crl === undefined || ocsp === undefined) throw new Error('Both are there');
      const changed = { 'crl.der': tampered(crl), 'ocsp.der': tampered(ocsp) };
      folders.push(write(`${algorithm}-tampered`, { ...files, ...changed }));
    }
  }
  const verdicts = await judgeFolders(t, folders);
  for (const algorithm of FAST_ALGORITHMS) {
    for (const [signer, name] of [
      ['delegated', 'delegate'],
      ['authority', 'authority'],
    ] as const) {
      const of = (what: string) => verdicts[`${algorithm}-${signer} ${what}`];
      t.equal(of('crl'), 'verified, good false, revoked true SUPERSEDED', `${algorithm} ${signer}`);
      t.equal(of('path'), 'good valid, revoked refused');
      t.equal(of('ocsp'), `${name}, good revoked:4 unknown`);
    }
    const of = (what: string) => verdicts[`${algorithm}-tampered ${what}`];
    t.match(of('crl'), /^\w*Exception$/, `${algorithm} tampered`);
    t.match(of('ocsp'), /^the signature is invalid$|^\w*Exception$/);
  }
  t.equal(Object.keys(verdicts).length, 3 * 3 * FAST_ALGORITHMS.length);
});
