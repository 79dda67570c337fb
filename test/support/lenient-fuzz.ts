/** Requests that deviate in any way, signed by their own key, and what the service makes of them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PkiError } from '../../src/base/errors.ts';
import { ROOT } from '../../src/base/root.ts';
import { END_ENTITY } from '../../src/ca/profile.ts';
import { bitString, sequence } from '../../src/formats/der/writer.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { createReading } from '../../src/formats/reading.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import { lint } from '../../src/lint/lint.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readReceivedRequest } from '../../src/x509/certification-request.ts';
import { readDer } from '../../src/formats/der/lenient.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import type { Domain } from '../../src/domain.ts';
import { craftCertificate, craftRequestInfo } from './crafted.ts';
import { mutate, seeded } from './mutated-der.ts';

export interface FuzzResult {
  readonly signed: number;
  readonly refused: number;
  /** Notes of the signed ones. */
  readonly notes: number;
  /** In milliseconds, for one request. */
  readonly slowest: number;
  /** Certificates that the strict reader or the linter does not accept, and errors that are no PkiError. */
  readonly faults: readonly string[];
  /** Some of the certificates, DER. */
  readonly certificates: readonly Uint8Array[];
  /** The CA that signed, DER. */
  readonly issuer: Uint8Array;
}

const PROGRAMS = join(ROOT, 'test/vectors/programs');

/** The signed part of the requests of real programs, for the key of `signer`. */
function seedsFor(signer: PrivateKey): readonly Uint8Array[] {
  const files = readdirSync(PROGRAMS).filter((name) => name.endsWith('.csr'));
  const reading = createReading({ isStrict: false });
  const infos = files.map((name) => {
    const der = decodePem(readFileSync(join(PROGRAMS, name)), 'CERTIFICATE REQUEST');
    const { info, subjectPublicKeyInfo } = readReceivedRequest(readDer(der, { reading }), reading);
    return replaced(info, subjectPublicKeyInfo, signer.publicKey.spki);
  });
  return [craftRequestInfo(signer), ...infos];
}

/** The SEQUENCE `whole` with one of its members replaced. */
function replaced(whole: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = Buffer.from(whole).indexOf(from);
  const start = Buffer.from(whole).indexOf(Buffer.from('020100', 'hex'));
  return sequence(whole.subarray(start, at), to, whole.subarray(at + from.length));
}

/** Every `sampled`-th certificate is kept. */
export async function fuzz(
  { keys, issuer, inspector }: Domain,
  { seed, count, sampled }: { readonly seed: number; readonly count: number; readonly sampled: number },
): Promise<FuzzResult> {
  const [signer, leafKey] = [await keys.generate('ed25519'), await keys.generate('ed25519')];
  const caDer = await craftCertificate(signer);
  const authority = { certificates: [readCertificate(checkDer(caDer))], signer };
  const seeds = seedsFor(leafKey);
  const random = seeded(seed);
  const issue = issuer();
  const faults: string[] = [];
  const certificates: Uint8Array[] = [];
  let [signed, notes, slowest] = [0, 0, 0];

  const attempt = async (csr: Uint8Array): Promise<void> => {
    const reading = createReading({ isStrict: false });
    const content = async () => ({
      request: readReceivedRequest(readDer(csr, { reading }), reading),
      authority,
      subjectAltNames: [],
      reading,
    });
    const issued = await issue.signCsr({ content, profile: END_ENTITY, isDefaultProfile: true, days: 30 });
    signed += 1;
    notes += issued.notes.length;
    if (signed % sampled === 0) certificates.push(issued.certificate);
    const { tbs, signatureAlgorithm } = readCertificate(checkDer(issued.certificate));
    for (const finding of lint('certificate', tbs, signatureAlgorithm))
      faults.push(`${finding.rule}: ${Buffer.from(csr).toString('base64')}`);
    await inspector.request((await content()).request);
  };

  for (let i = 0; i < count; i += 1) {
    const info = mutate(seeds[i % seeds.length] ?? caDer, random);
    const csr = sequence(info, leafKey.signatureAlgorithm, bitString(await leafKey.sign(info)));
    const begun = performance.now();
    await attempt(csr).catch((error: unknown) => {
      if (!(error instanceof PkiError))
        faults.push(`${String(error)}: ${Buffer.from(csr).toString('base64')}`);
    });
    slowest = Math.max(slowest, performance.now() - begun);
  }
  return { signed, refused: count - signed, notes, slowest, faults, certificates, issuer: caDer };
}
