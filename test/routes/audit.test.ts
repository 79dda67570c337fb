/** The audit chain over HTTP. */

import t from 'tap';
import {
  issueFor,
  makeAuthorities,
  startAuthorityService,
  type Client,
} from '../support/authority-service.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { startApp } from '../support/service.ts';
import { until } from '../support/until.ts';

const AUDIT = '/api/v1/audit';

const { clients } = await startAuthorityService(t, {
  admin: ['admin', 'certs:read', 'authorities:manage', 'certs:issue', 'certs:issue:ca'],
  web: ['certs:issue', 'certs:read'],
});
const { admin, web } = clients;
const authorityId = await makeAuthorities(admin);
const www = await issueFor(web, { subject: '/CN=www' });
await web.post('/api/v1/authorities/issuing-1/certificates', { subject: '/CN=x', days: 7000 });
await web.post('/api/v1/authorities/none/certificates', { subject: '/CN=x' });

interface Found {
  readonly sequence: number;
  readonly action: string;
  readonly outcome: string;
}

const recordsOf = async (client: Client, query = ''): Promise<readonly Found[]> => {
  const reply = await client.get(`${AUDIT}${query}`);
  t.equal(reply.statusCode, 200, reply.body);
  return reply.json().records;
};

/** The first CRLs are published soon after their authorities are made. */
const isNoCrl = ({ action }: Found): boolean => action !== 'crl/publish';
await until(async () => (await recordsOf(admin, '?action=crl/publish')).length === 2);

t.test('what was done is recorded, the newest first', async (t) => {
  const records = (await recordsOf(admin)).filter(isNoCrl);
  t.strictSame(
    records.map(({ action, outcome }) => `${action} ${outcome}`),
    [
      'certificate/issue refused',
      'certificate/issue refused',
      'certificate/issue success',
      'authority/certify success',
      'authority/create success',
      'authority/create success',
    ],
  );
  t.match(records[2], {
    principal: web.principal,
    details: { certificate: www.id, authority: authorityId, serial: www.serial_number },
  });
});

const later = (seconds: number): string =>
  `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

for (const [query, count] of [
  ['action=authority/create', 2],
  ['action=none', 0],
  ['outcome=refused', 2],
  ['outcome=failed', 0],
  [`principal=${web.principal}`, 3],
  ['principal=nobody', 0],
  [`authority=${authorityId}`, 3],
  ['authority=Issuing-1', 3],
  ['authority=root-1', 2],
  [`from=${later(-3600)}`, 6],
  [`from=${later(3600)}`, 0],
  [`to=${later(3600)}`, 6],
  [`to=${later(-3600)}`, 0],
  [`action=certificate/issue&principal=${web.principal}&outcome=success&authority=issuing-1`, 1],
] as [string, number][])
  t.test(`?${query} finds ${count}`, async (t) =>
    t.equal((await recordsOf(admin, `?${query}`)).filter(isNoCrl).length, count),
  );

t.test('pages have each record once, in order', async (t) => {
  for (const filter of ['', '&authority=issuing-1']) {
    const whole = await recordsOf(admin, `?limit=500${filter}`);
    const seen: Found[] = [];
    let path: string | undefined = `${AUDIT}?limit=2${filter}`;
    while (path !== undefined) {
      const reply = await admin.get(path);
      seen.push(...reply.json().records);
      path = /^<(.*)>; rel="next"$/.exec(String(reply.headers.link))?.[1];
    }
    t.strictSame(seen, whole);
  }
});

t.test('invalid parameters are refused', async (t) => {
  const { next } = (await admin.get(`${AUDIT}?limit=1`)).json();
  for (const query of [
    'unknown=1',
    'outcome=maybe',
    'limit=501',
    'from=now',
    'cursor=x',
    `action=x&cursor=${next}`,
    `cursor=${next}A`,
  ])
    t.equal((await admin.get(`${AUDIT}?${query}`)).statusCode, 400, query);
  t.equal((await admin.get(`${AUDIT}?authority=none`)).statusCode, 404);
});

t.test('only an administrator reads records, and makes checkpoints', async (t) => {
  for (const path of ['', '/head']) t.equal((await web.get(`${AUDIT}${path}`)).statusCode, 403);
  t.equal((await web.post(`${AUDIT}/checkpoints`)).statusCode, 403);
  t.equal((await web.get(`${AUDIT}/checkpoints`)).statusCode, 200);
});

t.test(
  'a checkpoint and its key are served, and OpenSSL verifies them',
  { skip: opensslMissing },
  async (t) => {
    t.match((await web.get(`${AUDIT}/key`)).json(), { status: 503, code: 'key-unavailable' });
    const made = await admin.post(`${AUDIT}/checkpoints`);
    t.equal(made.statusCode, 200, made.body);
    const checkpoint = made.json();
    t.strictSame(checkpoint, (await admin.post(`${AUDIT}/checkpoints`)).json());
    const head = (await admin.get(`${AUDIT}/head`)).json();
    t.match(checkpoint, head);
    t.match((await recordsOf(admin))[0], { action: 'audit/create-key', hash: head.hash });
    t.strictSame((await web.get(`${AUDIT}/checkpoints`)).json(), { checkpoints: [checkpoint] });
    t.strictSame((await web.get(`${AUDIT}/checkpoints?after=${head.sequence}`)).json(), { checkpoints: [] });
    t.equal((await web.get(`${AUDIT}/checkpoints?after=-1`)).statusCode, 400);
    const key = (await web.get(`${AUDIT}/key`)).json();
    t.equal(JSON.parse(checkpoint.statement).key, key.key_id);
    const { code, stderr } = await openssl(
      'pkeyutl -verify -rawin -pubin -inkey audit.pem -in statement -sigfile signature'.split(' '),
      {
        files: {
          'audit.pem': Buffer.from(key.public_key, 'base64'),
          statement: checkpoint.statement,
          signature: Buffer.from(checkpoint.signature, 'base64'),
        },
      },
    );
    t.equal(code, 0, stderr);
  },
);

t.test('a service without a store has no audit chain', async (t) => {
  const app = await startApp(t, { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' });
  for (const path of ['', '/head', '/checkpoints', '/key'])
    t.equal((await app.inject(`${AUDIT}${path}`)).statusCode, 503, path);
});
