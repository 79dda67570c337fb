/** What people write who know another program: the whole error, its place, and that every correction is accepted. */

import { generateKeyPairSync, sign } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { SIGNATURE_ALGORITHM } from '../../src/formats/signature-algorithm.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { craftRequest } from '../support/crafted.ts';
import { requestPem } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';
import { BODIES, MEMBERS, NAMES } from './message-rows.ts';

const app = await startApp(t);
const post = poster(app);
const GENERATE = '/api/v1/certificate/generate';

t.test('a name in the notation of another program is refused with its correction', async (t) => {
  for (const [name, predicate] of NAMES) {
    const error = `\`san[1]\`: The name "${name}" ${predicate}`;
    const { statusCode, answer } = await post(GENERATE, { subject: '/CN=a', san: ['a.example', name] });
    t.equal(statusCode, 400, name);
    t.match(answer, {
      code: 'invalid-san',
      detail: error,
      error,
      errors: [{ pointer: '/san/1', message: error }],
    });
    const san = quotedIn(predicate);
    t.ok(san.length > 0, name);
    t.equal((await post(GENERATE, { subject: '/CN=a', san, dry_run: true })).statusCode, 200, san.join());
  }
});

/** The corrections in a sentence, without their quotation marks. */
const quotedIn = (predicate: string): string[] =>
  [...predicate.replace(/^.*?(?:write it as|of its own:)/, '').matchAll(/"([^"]+)"/g)].map(
    ([, name = '']) => name,
  );

t.test('other members say what is right', async (t) => {
  for (const [members, pointer, sentence] of MEMBERS) {
    const { statusCode, answer } = await post(GENERATE, { subject: '/CN=a', ...members });
    t.equal(statusCode, 400, sentence);
    const member = `\`${pointer.slice(1).replace(/\/(\d)/, '[$1]')}\``;
    const error = sentence.startsWith('must') ? `${member} ${sentence}` : `${member}: ${sentence}`;
    t.equal(answer.error, error);
    t.match(answer.errors, [{ pointer, message: error }]);
    const subject = /write it as "(.*)"$/.exec(sentence)?.[1];
    if (subject !== undefined)
      t.equal((await post(GENERATE, { subject, dry_run: true })).statusCode, 200, subject);
  }
});

const CURVES = ['P-256', 'P-384', 'P-521'] as const;
const DIGESTS = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const;

async function csrOf(
  curve: (typeof CURVES)[number],
  dsaEncoding: 'der' | 'ieee-p1363',
  change = 0,
): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const spki = checkDer(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })));
  const digest = DIGESTS[curve];
  return requestPem(
    await craftRequest({
      publicKey: readPublicKey(spki),
      signatureAlgorithm: SIGNATURE_ALGORITHM.ecdsa[digest],
      async sign(message) {
        const signature = new Uint8Array(sign(digest, message, { key: privateKey, dsaEncoding }));
        signature[9] = (signature[9] ?? 0) ^ change;
        return signature;
      },
    }),
  );
}

t.test('a raw signature of an HSM is named, and another wrong signature is not', async (t) => {
  const { answer: ca } = await post(GENERATE, { subject: '/CN=CA', is_ca: true });
  const signCsr = async (csr: string) =>
    post('/api/v1/csr/sign', { csr, ca_certificate: ca.certificate, ca_private_key: ca.private_key });
  for (const curve of CURVES) {
    t.equal((await signCsr(await csrOf(curve, 'der'))).statusCode, 200, curve);
    const error =
      '`csr`: The signature of the request is raw r ‖ s; it must be the DER of Ecdsa-Sig-Value, SEQUENCE { r, s } (RFC 5480)';
    const expected = {
      code: 'proof-of-possession-failed',
      error,
      errors: [{ pointer: '/csr', message: error }],
    };
    t.match((await signCsr(await csrOf(curve, 'ieee-p1363'))).answer, expected, curve);
    const { answer } = await signCsr(await csrOf(curve, 'ieee-p1363', 1));
    t.match(
      answer,
      { error: '`csr`: The request is not signed by the private key of its public key' },
      curve,
    );
  }
});

t.test('a body that is not JSON is refused with the place and what is expected there', async (t) => {
  for (const [payload, message] of BODIES) {
    const headers = { 'content-type': 'application/json' };
    const reply = await app.inject({ method: 'POST', url: GENERATE, headers, payload });
    t.equal(reply.statusCode, 400, payload);
    t.match(reply.json(), { code: 'invalid-json', error: `The body is not valid JSON: ${message}` }, payload);
  }
});
