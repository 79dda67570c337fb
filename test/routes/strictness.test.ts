/** What every route does with members that it does not know, nulls and values of another type. */

import t from 'tap';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);

const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
const { answer: request } = await post('/api/v1/csr/generate', { subject: '/CN=a' });

const subject = '/CN=example.com';

/** Every member that says what kind of certificate is wanted, apart from `validity`. */
const options = {
  subject,
  security_level: 'ml-dsa-44',
  profile: 'ca',
  key_usage: ['keyCertSign'],
  extended_key_usage: ['serverAuth', 'clientAuth'],
  not_before: '2030-01-01T00:00:00Z',
  not_after: '2060-01-01T00:00:00Z',
  path_length: 1,
  name_constraints: { permitted: ['DNS:example.com'] },
  extensions: { ca_issuers: ['http://pki.example.com/ca.crt'] },
  dry_run: true,
};

interface Route {
  readonly url: string;
  /** A body that is answered with 200, in which every member of the route stands. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether names alone will do. */
  readonly emptySubject?: true;
}

const ROUTES: readonly Route[] = [
  { url: '/api/v1/keys/generate', body: { security_level: 'ml-dsa-44', key_format: 'seed' } },
  {
    url: '/api/v1/certificate/generate',
    body: {
      subject,
      security_level: 'ml-dsa-44',
      days: 1,
      san: ['a.example'],
      dns_underscore: true,
      is_ca: false,
      key_format: 'seed',
    },
  },
  { url: '/api/v1/certificate/generate', body: options },
  {
    url: '/api/v1/certificate/generate',
    body: { subject, security_level: 'ml-dsa-44', validity: 'P1D', extended_key_usage: ['serverAuth'] },
  },
  {
    url: '/api/v1/certificate/hybrid',
    body: {
      subject,
      classical_algorithm: 'rsa',
      rsa_key_size: 2048,
      security_level: 'ml-dsa-44',
      days: 1,
      san: ['a.example'],
      is_ca: false,
      key_format: 'seed',
    },
  },
  { url: '/api/v1/certificate/inspect', body: { certificate: ca.certificate } },
  {
    url: '/api/v1/csr/generate',
    body: { subject, security_level: 'ml-dsa-44', san: ['a.example'], key_format: 'seed' },
    emptySubject: true,
  },
  {
    url: '/api/v1/csr/generate',
    body: {
      subject,
      profile: 'ca',
      key_usage: ['keyCertSign'],
      extended_key_usage: ['serverAuth'],
      path_length: 1,
      name_constraints: { excluded: ['DNS:example.com'] },
      extensions: { certificate_policies: [{ oid: '1.2.3', cps: 'https://a.example/' }] },
    },
  },
  {
    url: '/api/v1/csr/sign',
    body: {
      csr: request.csr,
      ca_certificate: ca.certificate,
      ca_private_key: ca.private_key,
      days: 1,
      is_ca: true,
      path_length: 1,
      san: ['a.example'],
    },
  },
  { url: '/api/v1/csr/inspect', body: { csr: request.csr } },
];

/** Wrong for every member; a string stands for `"30"`, `"true"` and the like where no text is wanted. */
const WRONG_VALUES: readonly unknown[] = [
  ['ml-dsa-44'],
  {},
  [],
  [[]],
  [1],
  [null],
  0.5,
  1e300,
  '',
  '1e3',
  'true',
  true,
  1,
];

/** Values of the list above that a member takes. */
const RIGHT_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  san: [[], ['ml-dsa-44']],
  days: [1],
  path_length: [1],
  is_ca: [true],
  dry_run: [true],
  dns_underscore: [true],
  extensions: [{}],
};

const isRight = (member: string, value: unknown): boolean =>
  (RIGHT_VALUES[member] ?? []).some((right) => JSON.stringify(right) === JSON.stringify(value));

for (const { url, body, emptySubject } of ROUTES) {
  t.test(`POST ${url} with ${Object.keys(body).join()}`, async (t) => {
    t.equal((await post(url, body)).statusCode, 200, 'answers the body that is right');

    for (const member of Object.keys(body)) {
      for (const value of WRONG_VALUES) {
        if (isRight(member, value) || (emptySubject && member === 'subject' && value === '')) continue;
        const { statusCode, answer } = await post(url, { ...body, [member]: value });
        t.equal(statusCode, 400, `${member}: ${JSON.stringify(value)}`);
        t.match(answer.error, new RegExp(member), 'the error names the member');
      }
    }

    for (const member of Object.keys(body)) {
      const nullable = member === 'san' || member === 'is_ca' ? { path_length: undefined } : {};
      const { statusCode } = await post(url, { ...body, ...nullable, [member]: null });
      const absent = member === 'san' || member === 'is_ca';
      t.equal(statusCode, absent ? 200 : 400, `${member}: null`);
    }

    for (const member of [
      'is_CA',
      'issuer',
      'serial_number',
      'subject_key_identifier',
      'password',
      'toString',
    ]) {
      const { statusCode, answer } = await post(url, { ...body, [member]: true });
      t.equal(statusCode, 400, `${member} is no member`);
      t.match(answer.error, `\`${member}\` is not a member`);
    }

    for (const text of [
      '[]',
      '"text"',
      '1',
      'null',
      '{',
      '{"subject": "/CN=a",}',
      '{"__proto__": {"is_ca": true}}',
    ]) {
      const headers = { 'content-type': 'application/json' };
      const { statusCode } = await app.inject({ method: 'POST', url, headers, payload: text });
      t.equal(statusCode, 400, text);
    }
  });
}

t.test('a misspelt member is told what may have been meant', async (t) => {
  const { answer } = await post('/api/v1/certificate/generate', { subject, is_CA: true });
  t.match(answer, { errors: [{ pointer: '/is_CA', message: /did you mean `is_ca`/ }] });
});

t.test('a member of a reply leads to the member of the request', async (t) => {
  const hints: readonly [string, string, string][] = [
    ['/api/v1/certificate/generate', 'validity_days', 'days'],
    ['/api/v1/certificate/generate', 'common_name', 'subject'],
    ['/api/v1/certificate/generate', 'CN', 'subject'],
    ['/api/v1/certificate/generate', 'subjectAltName', 'san'],
    ['/api/v1/certificate/generate', 'isCA', 'is_ca'],
    ['/api/v1/certificate/hybrid', 'key_size', 'rsa_key_size'],
    ['/api/v1/csr/sign', 'ca_key', 'ca_private_key'],
  ];
  for (const [url, sent, meant] of hints) {
    const { errors } = (await post(url, { [sent]: 1 })).answer;
    t.match(errors[0], { pointer: `/${sent}`, message: `did you mean \`${meant}\`?` }, url);
  }
  const { answer } = await post('/api/v1/keys/generate', { validity_days: 1, toString: 1, CN: 1, ca: 1 });
  t.notMatch(JSON.stringify(answer), 'did you mean', 'a hint names only members of this request');
});
