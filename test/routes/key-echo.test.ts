/** A private key in a wrong member, as its value or as its name, is not in the error. */

import { generateKeyPairSync } from 'node:crypto';
import { assert, asyncProperty, constantFrom, uint8Array } from 'fast-check';
import t, { type Test } from 'tap';
import { looksLikeKey } from '../../src/base/key-text.ts';
import { poster, startApp } from '../support/service.ts';

const post = poster(await startApp(t));

const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
const { answer: request } = await post('/api/v1/csr/generate', { subject: '/CN=a' });

const options = {
  subject: '/CN=a',
  security_level: 'ml-dsa-44',
  san: ['DNS:a.example', 'email:a@a.example'],
  key_format: 'seed',
  profile: 'ca',
  key_usage: ['keyCertSign'],
  extended_key_usage: ['serverAuth'],
  path_length: 1,
  name_constraints: { permitted: ['DNS:example.com'], excluded: ['email:example.com'] },
  extensions: {
    crl_distribution_points: ['http://a.example/'],
    ocsp: ['http://a.example/'],
    ca_issuers: ['http://a.example/'],
    certificate_policies: [{ oid: '1.2.3', cps: 'http://a.example/' }],
    must_staple: false,
  },
};
const issuing = { ...options, is_ca: true, dry_run: true };

/** Every string of these bodies is replaced, one at a time. */
const ROUTES: readonly (readonly [url: string, body: object])[] = [
  ['/api/v1/keys/generate', { security_level: 'ml-dsa-44', key_format: 'seed' }],
  ['/api/v1/certificate/generate', { ...issuing, days: 1 }],
  ['/api/v1/certificate/generate', { ...issuing, validity: 'P1D' }],
  [
    '/api/v1/certificate/generate',
    { ...issuing, not_before: '2030-01-01T00:00:00Z', not_after: '2031-01-01T00:00:00Z' },
  ],
  ['/api/v1/certificate/hybrid', { ...issuing, classical_algorithm: 'ecdsa', ec_curve: 'P-256' }],
  ['/api/v1/certificate/inspect', { certificate: ca.certificate }],
  ['/api/v1/csr/generate', options],
  ['/api/v1/csr/hybrid', { ...options, classical_algorithm: 'ecdsa', ec_curve: 'P-256' }],
  [
    '/api/v1/csr/sign',
    { csr: request.csr, ca_certificate: ca.certificate, ca_private_key: ca.private_key, san: ['a'] },
  ],
  ['/api/v1/csr/inspect', { csr: request.csr }],
];

type Step = string | number;
interface Place {
  readonly url: string;
  readonly body: object;
  readonly path: readonly Step[];
  readonly isName?: boolean;
}

/** The path of every string, and of every object that can get another member. */
function* pathsOf(value: unknown, path: readonly Step[] = []): Generator<Pick<Place, 'path' | 'isName'>> {
  if (typeof value === 'string') yield { path };
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { path, isName: true };
  for (const [step, member] of Object.entries(value)) yield* pathsOf(member, [...path, step]);
}

const PLACES = ROUTES.flatMap(([url, body]) =>
  [...pathsOf(body)].map((place): Place => ({ ...place, url, body })),
);

function placed({ body, path, isName = false }: Place, key: string): object {
  const copy = structuredClone(body);
  const parent = path
    .slice(0, isName ? undefined : -1)
    .reduce<object>((at, step) => Reflect.get(at, step), copy);
  Reflect.set(parent, isName ? key : (path.at(-1) ?? ''), isName ? 1 : key);
  return copy;
}

const RUN = 8;

/** What is not a part of the key in PEM. */
const BOUNDARIES = /-----(?:BEGIN|END) [A-Z ]+-----|-----(?:BEGIN )?|\s/g;

/** The runs of eight characters of a text. */
const runsOf = (text: string): Set<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - RUN + 1) }, (_, at) => text.slice(at, at + RUN)));

function repeats(reply: string, key: string): boolean {
  const runs = runsOf(key.replace(BOUNDARIES, ''));
  return [...runsOf(JSON.parse(`"${reply.replace(/["\\]/g, '.')}"`))].some((run) => runs.has(run));
}

const PREFIXES = [
  '',
  'DNS:',
  '*.',
  'IP:',
  'email:',
  'URI:https://',
  'dirName:',
  '/CN=',
  'CN=',
  '/',
  'key: ',
  'UPN:',
  'KRB5:',
  'SRV:',
  'otherName:1.2.3;UTF8:',
];

async function check(t: Test, place: Place, key: string): Promise<void> {
  const { statusCode, body } = await post(place.url, placed(place, key));
  const where = `${place.url} ${place.path.join('/')} ${key.slice(0, 24)}`;
  if (statusCode === 200) return;
  t.equal(statusCode, 400, where);
  t.notOk(repeats(body, key), `${where}: ${body}`);
}

const KEYS: readonly string[] = [
  ca.private_key,
  Buffer.from(ca.private_key, 'base64').toString(),
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'sec1' }),
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs1' }),
  JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
].map(String);

t.test('no error repeats a private key, in any place and form', async (t) => {
  for (const place of PLACES)
    for (const key of KEYS) {
      const oneLine = key.replace(BOUNDARIES, '');
      const label = `-----BEGIN ${oneLine.slice(0, 60)}-----\n`;
      for (const form of [key, oneLine, label, `DNS:${oneLine}`, `/CN=${oneLine}`])
        await check(t, place, form);
    }
});

t.test('nor one of random octets', async (t) => {
  const encoding = constantFrom<BufferEncoding>('base64', 'base64url', 'hex');
  await assert(
    asyncProperty(
      constantFrom(...PLACES),
      uint8Array({ minLength: 32, maxLength: 300 }),
      encoding,
      constantFrom(...PREFIXES),
      async (place, octets, form, prefix) => {
        const key = Buffer.from(octets).toString(form);
        if (looksLikeKey(key)) await check(t, place, prefix + key);
      },
    ),
    { numRuns: 1000 },
  );
});

t.test('a key is described by its length, and a long name is still quoted', async (t) => {
  const key = 'MDQCAQAw+CwYJYIZIAWUDBAMSBCKAIDq/Zx7Rk1vThP2sL9uQm4wYc8dEo5Jb0Nf6Gg3h';
  const described = `a text of ${key.length} characters that looks like a key`;
  const long = `${'long-name.'.repeat(8)}invalid_`;
  const rows: readonly (readonly [members: object, error: string])[] = [
    [{ san: [key] }, `\`san[0]\`: The DNS name (${described}) contains "+"; it must consist of labels`],
    [
      { san: [key.repeat(20)] },
      '`san[0]`: The DNS name (a text of 1,380 characters that looks like a key) must',
    ],
    [{ subject: key }, `\`subject\`: Expected a distinguished name, got ${described}`],
    [
      { extended_key_usage: [key.slice(0, 64)] },
      '`extended_key_usage[0]`: The purpose (a text of 64 characters that looks like a key) is unknown; ',
    ],
    [{ [key]: 1 }, `The body has a member whose name is ${described}`],
    [{ extensions: { [key]: 1 } }, `\`extensions\` has a member whose name is ${described}`],
    [{ san: [long] }, `\`san[0]\`: The DNS name "${long.slice(0, 64)}…" contains the character "_"`],
  ];
  for (const [members, error] of rows) {
    const { answer } = await post('/api/v1/certificate/generate', { subject: '/CN=a', ...members });
    t.equal(answer.error.slice(0, error.length), error);
  }
});
