/** What crl/inspect shows of the CRLs of OpenSSL. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { extension, indefinite } from '../support/crafted.ts';
import { opensslMissing, opensslProgram } from '../support/openssl.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const inspect = async (crl: Uint8Array | string, other: object = {}) => {
  const text = typeof crl === 'string' ? crl : Buffer.from(crl).toString('base64');
  const { statusCode, answer } = await post('/api/v1/crl/inspect', { crl: text, ...other });
  return { status: statusCode, answer };
};
const skip = { skip: opensslMissing };

const CONFIGURATION = `[ca]
default_ca = d
[d]
database = index
crlnumber = number
default_md = default
default_crl_days = 30
crl_extensions = ext
[ext]
authorityKeyIdentifier = keyid
`;
const REASONS = [
  '',
  ',keyCompromise',
  ',superseded',
  ',holdInstruction,holdInstructionReject',
  ',CAkeyTime,20251101000000Z',
];
const INDEX = REASONS.map(
  (reason, index) => `R\t351125000000Z\t251125000000Z${reason}\t0${index + 1}\tunknown\t/CN=${index}\n`,
).join('');

/** Files of OpenSSL in a folder of their own: CRLs by different keys, and certificates. */
function made() {
  const folder = mkdtempSync(join(tmpdir(), 'crl-'));
  try {
    for (const [name, text] of Object.entries({ configuration: CONFIGURATION, index: INDEX, number: '0A\n' }))
      writeFileSync(join(folder, name), text);
    const run = (words: string): void => {
      const { status, stderr } = spawnSync(opensslProgram, words.split(' '), {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${words}: ${stderr}`);
    };
    const files: Record<string, string> = {};
    for (const [name, options] of [
      ['mldsa', 'ML-DSA-65'],
      ['rsa', 'RSA -pkeyopt rsa_keygen_bits:2048'],
    ] as const) {
      run(`genpkey -algorithm ${options} -out ${name}.key`);
      run(`req -x509 -new -key ${name}.key -subj /CN=CRL-CA -days 30 -out ${name}.crt`);
      run(`ca -config configuration -gencrl -keyfile ${name}.key -cert ${name}.crt -out ${name}.crl`);
      for (const ending of ['crt', 'crl'])
        files[`${name}.${ending}`] = readFileSync(join(folder, `${name}.${ending}`), 'utf8');
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const files = opensslMissing === false ? made() : {};
const file = (name: string): string => files[name] ?? '';

t.test('the fields and entries of a CRL of OpenSSL', skip, async (t) => {
  const { status, answer } = await inspect(file('mldsa.crl'), { issuer: file('mldsa.crt') });
  t.equal(status, 200);
  t.match(answer, {
    version: 2,
    issuer: '/CN=CRL-CA',
    crl_number: '10',
    is_delta: false,
    signature_algorithm: 'ML-DSA-65',
    signature_valid: true,
    signed_by: '/CN=CRL-CA',
    total: REASONS.length,
    next_offset: null,
    notes: [],
    entries: [
      { serial_number: '01', revoked_at: '2025-11-25T00:00:00Z', reason: undefined },
      { serial_number: '02', reason: 'keyCompromise' },
      { serial_number: '03', reason: 'superseded' },
      { serial_number: '04', reason: 'certificateHold', extensions: [{ name: 'holdInstructionCode' }] },
      { serial_number: '05', reason: 'cACompromise', extensions: [{ name: 'invalidityDate' }] },
    ],
  });
  t.match(answer.authority_key_identifier, /^[\dA-F:]+$/);
});

t.test('entries are shown by page, and one is looked for', skip, async (t) => {
  const crl = file('rsa.crl');
  t.match((await inspect(crl, { limit: 2 })).answer, { entries: { length: 2 }, next_offset: 2, total: 5 });
  t.match((await inspect(crl, { offset: 4, limit: 2 })).answer, {
    entries: [{ serial_number: '05' }],
    next_offset: null,
  });
  t.match((await inspect(crl, { offset: 9 })).answer, { entries: [], next_offset: null, total: 5 });
  t.match((await inspect(crl, { limit: 0, serial_number: '03' })).answer, {
    entries: [],
    found: { serial_number: '03', reason: 'superseded' },
  });
  t.equal((await inspect(crl, { serial_number: '77' })).answer.found, null);
  t.notOk('found' in (await inspect(crl)).answer);
  const { status, answer } = await inspect(crl, { serial_number: 'none' });
  t.equal(status, 400);
  t.equal(answer.errors[0].pointer, '/serial_number');
  t.match(await inspect(crl, { limit: 1001 }), { status: 400 });
});

t.test('the signature is verified with the certificate of the issuer', skip, async (t) => {
  t.match((await inspect(file('rsa.crl'), { issuer: file('rsa.crt') })).answer, { signature_valid: true });
  t.match((await inspect(file('rsa.crl'), { issuer: file('mldsa.crt') + file('rsa.crt') })).answer, {
    signature_valid: true,
  });
  t.match((await inspect(file('rsa.crl'), { issuer: file('mldsa.crt') })).answer, {
    signature_valid: false,
    signature_message: /does not verify/,
  });
  const { answer: other } = await post('/api/v1/certificate/generate', { subject: '/CN=other', is_ca: true });
  t.match((await inspect(file('rsa.crl'), { issuer: other.certificate })).answer, {
    signature_valid: null,
    signature_message: /No certificate has the issuer/,
  });
  t.notOk('signature_valid' in (await inspect(file('rsa.crl'))).answer);
});

t.test('the body can be the CRL itself', skip, async (t) => {
  const payload = Buffer.from(file('rsa.crl'));
  for (const type of ['application/pkix-crl', 'application/x-pem-file']) {
    const headers = { 'content-type': type };
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/crl/inspect',
      payload: Buffer.from(payload),
      headers,
    });
    t.match(reply.json(), { total: 5 });
  }
});

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');

t.test('BER is read with a note, and strict refuses it', skip, async (t) => {
  const ber = indefinite(derOf(file('rsa.crl')));
  t.match(await inspect(ber, { issuer: file('rsa.crt') }), {
    status: 200,
    answer: { signature_valid: true, notes: [{ code: 'ber-length', at: '/crl' }] },
  });
  t.match(await inspect(ber, { strict: true }), { status: 400, answer: { errors: [{ pointer: '/crl' }] } });
});

const ALGORITHM = der.sequence(der.objectIdentifier('1.3.101.112'));

/** A CRL with these extensions and entries, whose signature is not valid. */
const crafted = (entries: readonly Uint8Array[], ...extensions: readonly Uint8Array[]): Uint8Array =>
  der.sequence(
    der.sequence(
      der.unsignedInteger(1),
      ALGORITHM,
      der.sequence(),
      der.time(new Date('2026-01-01T00:00:00Z')),
      ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
      ...(extensions.length === 0 ? [] : [der.contextConstructed(0, der.sequence(...extensions))]),
    ),
    ALGORITHM,
    der.bitString(new Uint8Array(64)),
  );

t.test('a delta CRL, one without an end, and unknown critical extensions are shown', async (t) => {
  const delta = crafted([], extension('2.5.29.27', true, '02 01 05'), extension('1.2.3.4', true, '05 00'));
  t.match((await inspect(delta)).answer, {
    is_delta: true,
    next_update: null,
    total: 0,
    extensions: [{ name: 'deltaCRLIndicator', critical: true }, { name: '1.2.3.4' }],
  });
});

t.test('a CRL of the size of a body is shown; more values are refused', async (t) => {
  const entry = der.sequence(der.unsignedInteger(5), der.time(new Date('2026-01-01T00:00:00Z')));
  const { answer } = await inspect(crafted(Array(7000).fill(entry)));
  t.match(answer, { total: 7000, next_offset: 100 });
});

t.test('what is no CRL is refused at the member', skip, async (t) => {
  for (const crl of [file('rsa.crt'), 'bm9uZQ==', Buffer.from(der.sequence()).toString('base64')])
    t.match(await inspect(crl), { status: 400, answer: { errors: [{ pointer: '/crl' }] } });
  t.match(await inspect(file('rsa.crl'), { issuer: 'bm9uZQ==' }), {
    status: 400,
    answer: { errors: [{ pointer: '/issuer' }] },
  });
});
