/** Closed lists in requests: every spelling of a value is read, the reply has the value, and an error says what is meant. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { pemOf, poster, startApp } from '../support/service.ts';

const post = poster(await startApp(t));

const KEYS = '/api/v1/keys/generate';
const HYBRID = '/api/v1/certificate/hybrid';
const GENERATE = '/api/v1/certificate/generate';

const SECURITY_LEVELS = {
  'ml-dsa-44': ['ML-DSA-44', 'MLDSA44', 'mldsa44', 'ml_dsa_44', 'Ml Dsa 44', 'id-ml-dsa-44'],
  'ml-dsa-65': ['ML-DSA-65', 'MLDSA65', 'mldsa-65', 'ml-dsa-65', 'id-ml-dsa-65'],
  'ml-dsa-87': ['ML_DSA_87', 'ml.dsa.87', ' ml-dsa-87 ', 'id-ml-dsa-87'],
};

const KEY_FORMATS = {
  seed: ['Seed', 'SEED', 'seed-only', 'seed_only'],
  expanded: ['EXPANDED', 'expandedKey', 'expanded_key', 'priv-only'],
  both: ['Both', 'seed-priv'],
};

t.test('a parameter set and a key format in every spelling', async (t) => {
  for (const [member, values] of Object.entries({ security_level: SECURITY_LEVELS, key_format: KEY_FORMATS }))
    for (const [value, spellings] of Object.entries(values))
      for (const spelling of spellings) {
        const { statusCode, answer } = await post(KEYS, { [member]: spelling });
        t.equal(statusCode, 200, spelling);
        t.equal(answer[member], value, spelling);
      }
});

t.test('a family and a curve in every spelling', async (t) => {
  const families = { rsa: ['RSA', 'Rsa', 'rsaEncryption'], ecdsa: ['ECDSA', 'EC', 'ec', 'id-ecPublicKey'] };
  const curves = {
    prime256v1: [
      'P-256',
      'p-256',
      'p256',
      'P_256',
      'prime256v1',
      'PRIME256V1',
      'secp256r1',
      'nistp256',
      'NIST P-256',
    ],
    secp384r1: ['P-384', 'p384', 'secp384r1', 'nistp384'],
    secp521r1: ['P-521', 'p521', 'secp521r1', 'NIST-P521'],
  };
  const subject = '/CN=a';
  for (const [family, spellings] of Object.entries(families))
    for (const classical_algorithm of spellings) {
      const { answer } = await post(HYBRID, { subject, classical_algorithm, security_level: 'MLDSA44' });
      t.match(answer, { classical_algorithm: family, security_level: 'ml-dsa-44' }, classical_algorithm);
    }
  for (const [curve, spellings] of Object.entries(curves))
    for (const ec_curve of spellings) {
      const { answer } = await post(HYBRID, { subject, classical_algorithm: 'EC', ec_curve });
      const { publicKey } = new X509Certificate(pemOf(answer.classical_certificate));
      t.equal(publicKey.asymmetricKeyDetails?.namedCurve, curve, ec_curve);
    }
});

t.test('a profile, a key usage and a purpose in every spelling', async (t) => {
  const same: readonly (readonly [written: object, canonical: object])[] = [
    [{ profile: 'TLS-Server' }, { profile: 'tls-server' }],
    [{ profile: 'code_signing' }, { profile: 'code-signing' }],
    [{ profile: 'OCSP Responder' }, { profile: 'ocsp-responder' }],
    [
      { key_usage: ['digital_signature', 'Non Repudiation'] },
      { key_usage: ['digitalSignature', 'nonRepudiation'] },
    ],
    [
      { key_usage: ['Digital Signature', 'contentCommitment'] },
      { key_usage: ['digitalSignature', 'nonRepudiation'] },
    ],
    [
      { profile: 'CA', key_usage: ['Certificate Sign', 'CRL Sign'] },
      { profile: 'ca', key_usage: ['keyCertSign', 'cRLSign'] },
    ],
    [
      { extended_key_usage: ['TLS Web Server Authentication', 'client_auth'] },
      { extended_key_usage: ['serverAuth', 'clientAuth'] },
    ],
    [{ extended_key_usage: ['E-mail Protection'] }, { extended_key_usage: ['emailProtection'] }],
    [{ extended_key_usage: ['id-kp-codeSigning'] }, { extended_key_usage: ['codeSigning'] }],
    [{ extended_key_usage: ['1.3.6.1.5.5.7.3.4'] }, { extended_key_usage: ['emailProtection'] }],
  ];
  const extensionsOf = async (members: object): Promise<unknown> => {
    const { statusCode, answer } = await post(GENERATE, { subject: '/CN=a', dry_run: true, ...members });
    t.equal(statusCode, 200, JSON.stringify(members));
    const { extensions } = answer;
    t.ok(extensions, JSON.stringify(members));
    return extensions;
  };
  for (const [written, canonical] of same)
    t.same(kinds(await extensionsOf(written)), kinds(await extensionsOf(canonical)), JSON.stringify(written));
});

/** Without the identifier of the key, which differs. */
const kinds = (extensions: unknown): unknown =>
  (extensions as readonly { readonly name?: string }[]).filter(
    ({ name }) => !/KeyIdentifier/.test(name ?? ''),
  );

const LEVELS = '`security_level` must be one of ml-dsa-44, ml-dsa-65, ml-dsa-87';
const FAMILIES = '`classical_algorithm` must be one of rsa, ecdsa';
const CURVES = '`ec_curve` must be one of P-256, P-384, P-521';
const base = { subject: '/CN=a', classical_algorithm: 'ecdsa' };

/** Neither a value nor one of its spellings. */
const REFUSED: readonly (readonly [members: object, error: string | RegExp])[] = [
  [{ security_level: 'ml-dsa-4' }, `${LEVELS}; did you mean ml-dsa-44?`],
  [{ security_level: 'ml-das-65' }, `${LEVELS}; did you mean ml-dsa-65?`],
  [{ security_level: 'ml-dsa-85' }, LEVELS],
  [{ security_level: '65' }, LEVELS],
  [{ security_level: '' }, LEVELS],
  [{ security_level: 65 }, LEVELS],
  [{ security_level: 'ml-dsa-65'.padEnd(65) }, LEVELS],
  [
    { security_level: 'dilithium3' },
    `${LEVELS}; Dilithium is the draft before ML-DSA, with other keys and signatures`,
  ],
  [
    { security_level: 'ML-KEM-768' },
    `${LEVELS}; ML-KEM keys cannot sign, so a CA certifies their public key`,
  ],
  [{ security_level: 'SLH-DSA-SHA2-128s' }, `${LEVELS}; SLH-DSA is a value of the member key_algorithm`],
  [{ security_level: 'Falcon-512' }, /only ML-DSA and SLH-DSA are supported$/],
  [{ security_level: '3' }, /; the NIST security categories 2, 3 and 5 are those of ml-dsa-44,/],
  [{ security_level: 'Level 5' }, /; the NIST security categories/],
  [{ classical_algorithm: 'RSA-2048' }, `${FAMILIES}; the size of an RSA key is the member rsa_key_size`],
  [{ classical_algorithm: 'ecdsa-p256' }, `${FAMILIES}; the curve is the member ec_curve`],
  [{ classical_algorithm: 'ecdas' }, `${FAMILIES}; did you mean ecdsa?`],
  [{ classical_algorithm: 'Ed25519' }, `${FAMILIES}; the service generates no EdDSA keys`],
  [{ classical_algorithm: 'EdDSA' }, `${FAMILIES}; the service generates no EdDSA keys`],
  [{ classical_algorithm: 'DSA' }, `${FAMILIES}; DSA is not supported`],
  [{ ec_curve: 'P-512' }, `${CURVES}; did you mean P-521?`],
  [{ ec_curve: 'secp256k1' }, `${CURVES}; secp256k1 is another curve, which is not supported`],
  [{ ec_curve: 'brainpoolP256r1' }, CURVES],
  [{ key_format: 'seeds' }, '`key_format` must be one of seed, expanded, both; did you mean seed?'],
  [{ profile: 'tls-sever' }, /^`profile` must be one of tls, .*; did you mean tls-server\?$/],
  [
    { key_usage: ['digitalSignatur'] },
    /^`key_usage\[0\]` must be one of .*; did you mean digitalSignature\?$/,
  ],
  [
    { extended_key_usage: ['serverAuht'] },
    '`extended_key_usage[0]`: The purpose "serverAuht" is unknown; did you mean serverAuth?',
  ],
  [
    { extended_key_usage: ['smartcardLogon'] },
    /is unknown; the purposes are serverAuth, .* and dotted OIDs$/,
  ],
  [{ key_usage: 'digitalSignature' }, /, not one string; write it in brackets, as in \["digitalSignature",/],
  [
    { san: 'DNS:a.example' },
    /an array of at most 100 strings, not one string; write it in brackets, as in \["DNS:/,
  ],
];

t.test('an error says which value is meant, and why another is not supported', async (t) => {
  for (const [members, error] of REFUSED) {
    const { statusCode, answer } = await post(HYBRID, { ...base, ...members });
    t.equal(statusCode, 400, JSON.stringify(members));
    t.match(answer.errors, [
      { pointer: new RegExp(`^/${Object.keys(members).join()}`), message: answer.error },
    ]);
    if (typeof error === 'string') t.equal(answer.error, error);
    else t.match(answer.error, error);
  }
});
