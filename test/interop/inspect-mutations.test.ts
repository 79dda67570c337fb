/**
 * What OpenSSL prints, inspection shows. The judge of each change is the OpenSSL inside Node.js, which reads certificates
 * as `openssl x509` does; the program itself confirms it for a sample.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import { decodePemBlocks } from '../../src/formats/pem.ts';
import { rfc9881 } from '../formats/rfc9881.ts';
import { openDomain } from '../support/domain.ts';
import { inspection } from '../support/inspection.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { CONFIGURATION } from './openssl-extensions.ts';

const { domain } = await openDomain(t);
const inspect = inspection(domain.inspector);
const skip = { skip: opensslMissing };

const ROOTS = '/etc/ssl/certs/ca-certificates.crt';
const CHANGES = 3000;
const REQUEST_CHANGES = 60;
const SAMPLE = 20;

/** Returns whole numbers below a limit, the same for the same seed (mulberry32). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const KEYS = [
  'rsa:2048 -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:48',
  'ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit',
  'ed448',
];

async function made(key: string): Promise<Uint8Array> {
  const words = `req -x509 -newkey ${key} -nodes -keyout key -subj /CN=x -config configuration -extensions ext -outform DER`;
  const { stdout, stderr } = await openssl(words.split(' '), { files: { configuration: CONFIGURATION } });
  if (stdout.length === 0) throw new Error(stderr);
  return stdout;
}

async function corpus(): Promise<Uint8Array[]> {
  const roots = existsSync(ROOTS) ? decodePemBlocks(readFileSync(ROOTS), ['CERTIFICATE']) : [];
  const programs = new URL('../vectors/programs/yubikey-attestation-like.pem', import.meta.url);
  return [
    ...roots,
    ...decodePemBlocks(readFileSync(programs), ['CERTIFICATE']),
    rfc9881('ML-DSA-44.crt'),
    ...(await Promise.all(KEYS.map(made))),
  ];
}

/** One to three octets are another; half of them are among the first 300, where most members are. */
function changed(certificate: Uint8Array, random: (limit: number) => number): Uint8Array {
  const copy = Uint8Array.from(certificate);
  for (let count = 1 + random(3); count > 0; count -= 1) {
    const at = random(random(2) === 0 ? copy.length : Math.min(300, copy.length));
    const octet = copy[at] ?? 0;
    copy[at] = [random(256), octet ^ (1 << random(8)), 0, 0xff, 0x30, octet + 1][random(6)] ?? 0;
  }
  return copy;
}

function isReadByOpenssl(certificate: Uint8Array): boolean {
  try {
    return new X509Certificate(certificate).raw.length > 0;
  } catch {
    return false;
  }
}

/** Returns the error message for input that is not shown. Throws what is a bug. */
async function refusal(inspecting: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await inspecting();
    return undefined;
  } catch (error) {
    if (error instanceof PkiError) return error.message;
    throw error;
  }
}

t.test('a changed certificate that OpenSSL reads is shown', skip, async (t) => {
  const seeds = await corpus();
  const random = randomFrom(13);
  const read: Uint8Array[] = [];
  const refused: string[] = [];
  for (let index = 0; index < CHANGES; index += 1) {
    const certificate = changed(seeds[random(seeds.length)] ?? new Uint8Array(), random);
    const message = await refusal(() => inspect.certificate(certificate));
    if (!isReadByOpenssl(certificate)) continue;
    read.push(certificate);
    if (message !== undefined) refused.push(`${message}: ${Buffer.from(certificate).toString('hex')}`);
  }
  t.same(refused, []);
  t.ok(read.length > CHANGES / 3);
  t.comment(
    `${read.length} of ${CHANGES} changed certificates are read by OpenSSL, and all of them are shown`,
  );
  for (const certificate of read.slice(0, SAMPLE)) {
    const { code } = await openssl('x509 -inform DER -noout -text'.split(' '), { input: certificate });
    t.equal(code, 0);
  }
});

t.test('a changed request that OpenSSL prints is shown', skip, async (t) => {
  const words =
    'req -new -newkey ed25519 -nodes -keyout key -subj /CN=x/O=y -config configuration -outform DER';
  const configuration = `[req]\ndistinguished_name = dn\nreq_extensions = ext\nattributes = attr\n[dn]\n[attr]\nunstructuredName = name\n[ext]\nsubjectAltName = DNS:a.example\nkeyUsage = digitalSignature\n`;
  const { stdout: csr } = await openssl(words.split(' '), { files: { configuration } });
  const random = randomFrom(7);
  const refused: string[] = [];
  let printed = 0;
  for (let index = 0; index < REQUEST_CHANGES; index += 1) {
    const request = changed(csr, random);
    const { code } = await openssl('req -inform DER -noout -text'.split(' '), { input: request });
    const message = await refusal(() => inspect.request(request));
    if (code !== 0) continue;
    printed += 1;
    if (message !== undefined) refused.push(`${message}: ${Buffer.from(request).toString('hex')}`);
  }
  t.same(refused, []);
  t.comment(
    `${printed} of ${REQUEST_CHANGES} changed requests are printed by OpenSSL, and all of them are shown`,
  );
});
