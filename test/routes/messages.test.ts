/** What people write who know another program: the whole error, its place, and that every correction is accepted. */

import { generateKeyPairSync, sign } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { SIGNATURE_ALGORITHM } from '../../src/formats/signature-algorithm.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { craftRequest } from '../support/crafted.ts';
import { requestPem } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const GENERATE = '/api/v1/certificate/generate';

const LABELS =
  'must consist of labels of 1 to 63 letters, digits and inner hyphens, with at most 253 characters in total';

/** One name in `san`, and the end of the sentence that begins with the name in quotation marks. */
const NAMES: readonly (readonly [name: string, predicate: string])[] = [
  ['IP:[2001:db8::1]', 'must have no brackets; write it as "IP:2001:db8::1"'],
  ['[2001:db8::1]', 'must have no brackets; write it as "IP:2001:db8::1"'],
  ['[2001:db8::1]:443', 'must have no brackets and no port; write it as "IP:2001:db8::1"'],
  ['2001:db8::1', 'is an IP address; write it as "IP:2001:db8::1"'],
  ['DNS:192.0.2.1', 'is an IP address; write it as "IP:192.0.2.1"'],
  ['alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  ['DNS:alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  ['mailto:alice@example.com', 'is a mail address; write it as "email:alice@example.com"'],
  [
    'https://www.example.com/a',
    'is a URI; write it as "URI:https://www.example.com/a" or "DNS:www.example.com"',
  ],
  ['https://example.com:8443', 'is a URI; write it as "URI:https://example.com:8443" or "DNS:example.com"'],
  ['spiffe://example.org/service', 'is a URI; write it as "URI:spiffe://example.org/service"'],
  ['urn:example:a', 'is a URI; write it as "URI:urn:example:a"'],
  ['URL:https://example.com/', 'has an unknown prefix; write it as "URI:https://example.com/"'],
  ['example.com:8443', 'must have no port; write it as "DNS:example.com"'],
  ['DNS:example.com:8443', 'must have no port; write it as "DNS:example.com"'],
  ['*.example.com:443', 'must have no port; write it as "DNS:*.example.com"'],
  ['localhost:8443', 'must have no port; write it as "DNS:localhost"'],
  ['192.0.2.1:443', 'must have no port; write it as "IP:192.0.2.1"'],
  ['IP:192.0.2.1:443', 'must have no port; write it as "IP:192.0.2.1"'],
  ['DNS.1:www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['DNS.1=www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['DNS.12 = www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['IP.1 = 192.0.2.1', 'is a line of a configuration file; write it as "IP:192.0.2.1"'],
  ['DNS=www.example.com', 'is a line of a configuration file; write it as "DNS:www.example.com"'],
  ['subjectAltName=DNS:a.example', 'must not begin with "subjectAltName"; write it as "DNS:a.example"'],
  ['rfc822Name:alice@example.com', 'has an unknown prefix; write it as "email:alice@example.com"'],
  ['dNSName:www.example.com', 'has an unknown prefix; write it as "DNS:www.example.com"'],
  ['iPAddress:192.0.2.1', 'has an unknown prefix; write it as "IP:192.0.2.1"'],
  ['IPv6:[2001:db8::1]', 'has an unknown prefix; write it as "IP:2001:db8::1"'],
  [
    'uniformResourceIdentifier:https://a.example/',
    'has an unknown prefix; write it as "URI:https://a.example/"',
  ],
  ['registeredID:1.2.3', 'has an unknown prefix; write it as "RID:1.2.3"'],
  ['directoryName:/CN=a', 'has an unknown prefix; write it as "dirName:/CN=a"'],
  ['DNS: www.example.com', 'must have no spaces; write it as "DNS:www.example.com"'],
  [' www.example.com', 'must have no spaces; write it as "www.example.com"'],
  [
    'DNS:a.example,DNS:b.example',
    'has several names; write each as a string of its own: "DNS:a.example", "DNS:b.example"',
  ],
  [
    'subjectAltName=DNS:a.example, IP:192.0.2.1',
    'has several names; write each as a string of its own: "DNS:a.example", "IP:192.0.2.1"',
  ],
  [
    'a.example b.example;c.example',
    'has several names; write each as a string of its own: "a.example", "b.example", …',
  ],
];

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
    const corrections =
      (/(?:write it as|of its own:) (.*)$/.exec(predicate)?.[1] ?? '').match(/[^" ,…]{3,}/g) ?? [];
    t.ok(corrections.length > 0, name);
    const san = corrections;
    t.equal(
      (await post(GENERATE, { subject: '/CN=a', san, dry_run: true })).statusCode,
      200,
      corrections.join(),
    );
  }
});

/** Other members, and names without a correction. */
const MEMBERS: readonly (readonly [members: object, pointer: string, message: string])[] = [
  [
    { san: 'DNS:a.example' },
    '/san',
    'must be an array of at most 100 strings, not one string; write it in brackets, as in ["DNS:www.example.com","IP:192.0.2.1"]',
  ],
  [
    { san: ['my_host.example.com'] },
    '/san/0',
    `The DNS name "my_host.example.com" contains an underscore ("_"); it ${LABELS}`,
  ],
  [{ san: ['a b.example'] }, '/san/0', `The DNS name "a b.example" contains a space; it ${LABELS}`],
  [{ san: ['a/b.example'] }, '/san/0', `The DNS name "a/b.example" contains "/"; it ${LABELS}`],
  [
    { san: ['*.my_host.example'] },
    '/san/0',
    `The DNS name "*.my_host.example" contains an underscore ("_"); it ${LABELS}`,
  ],
  [{ san: ['DNS:*.-a.example'] }, '/san/0', `The DNS name "*.-a.example" ${LABELS}`],
  [{ san: ['*.a.example.'] }, '/san/0', 'The DNS name "*.a.example." must not end with a dot'],
  [
    { san: ['alice@my_host.example'] },
    '/san/0',
    `The DNS name "alice@my_host.example" contains "@"; it ${LABELS}`,
  ],
  [
    { subject: 'www.example.com' },
    '/subject',
    'The name "www.example.com" has no attribute; write it as "/CN=www.example.com"',
  ],
  [
    { subject: '/www.example.com' },
    '/subject',
    'The name "/www.example.com" has no attribute; write it as "/CN=www.example.com"',
  ],
  [
    { subject: 'Example Org' },
    '/subject',
    'The name "Example Org" has no attribute; write it as "/CN=Example Org"',
  ],
  [
    { subject: 'CN: a.example' },
    '/subject',
    'The name "CN: a.example" must have "=" after the attribute type; write it as "/CN=a.example"',
  ],
  [
    { subject: 'subject=CN = a' },
    '/subject',
    'The name "subject=CN = a" must begin with an attribute; write it as "CN = a"',
  ],
  [
    { subject: '/C=us/CN=a' },
    '/subject',
    'The attribute C must be a PrintableString of the two capital letters of ISO 3166-1, such as US; write US',
  ],
  [
    { subject: `/CN=${'a'.repeat(65)}` },
    '/subject',
    'The attribute CN must have at most 64 characters, not 65; put a longer name into the subject alternative names (san)',
  ],
];

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

/** A body, and what the sentence says after "The body is not valid JSON: ". */
const BODIES: readonly (readonly [body: string, message: string])[] = [
  ["{'subject': '/CN=a'}", 'expected a member name in double quotes at line 1, column 2'],
  ['{subject: "/CN=a"}', 'expected a member name in double quotes at line 1, column 2'],
  ['{"subject": \'/CN=a\'}', 'expected a string in double quotes at line 1, column 13'],
  ['{"subject": "/CN=a",\n}', 'expected another member after the comma at line 2, column 1'],
  [
    '{"is_ca": True}',
    'expected a string in double quotes, a number, true, false or null at line 1, column 11',
  ],
  [
    '{"csr": "-----BEGIN\n"}',
    String.raw`expected an escape such as \n in place of a line break in a string at line 1, column 20`,
  ],
  ['{"subject": "/CN=a"\n "days": 1}', 'expected `,` or `}` at line 2, column 2'],
  ['{"subject": "/CN=a"', 'expected `,` or `}` at line 1, column 20, where the body ends'],
  ['subject=/CN=a', 'expected a string in double quotes, a number, true, false or null at line 1, column 1'],
];

t.test('a body that is not JSON is refused with the place and what is expected there', async (t) => {
  for (const [payload, message] of BODIES) {
    const headers = { 'content-type': 'application/json' };
    const reply = await app.inject({ method: 'POST', url: GENERATE, headers, payload });
    t.equal(reply.statusCode, 400, payload);
    t.match(reply.json(), { code: 'invalid-json', error: `The body is not valid JSON: ${message}` }, payload);
  }
});
