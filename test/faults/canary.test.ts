/** T26, T58: a secret is sent only to its owner, and is stored nowhere. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { attribute, attributesField, craftRequest } from '../support/crafted.ts';
import * as der from '../../src/formats/der/writer.ts';
import { requestPem } from '../support/domain.ts';
import { startCollector } from '../support/collector.ts';
import { addressIn, WITH_STORE, run, START } from '../support/process.ts';

const API_KEY = 'canary-right-key-0123456789abcdef0123456789';
const WRONG = [
  'canary-wrong-key-0123',
  'canary-bearer-token-4567',
  'canary-in-query-8901',
  'canary-cookie-2345',
];
const [wrongKey = '', token = '', inQuery = '', cookie = ''] = WRONG;
const COLLECTOR_KEY = 'canary-collector-key-6789';
const CHALLENGE_PASSWORD = 'canary-challenge-password';
const PASSWORD = 'canary-password-of-a-key';
const NEW_PASSWORD = 'canary-password-of-a-file';

/** A request with a challengePassword (RFC 2985 §5.4.1). */
async function requestWithPassword(): Promise<string> {
  const keys = createKeys(await createCryptography({ engine: 'auto' }));
  const signer = await keys.generate('ecdsa-p256');
  const password = attribute('1.2.840.113549.1.9.7', der.utf8String(CHALLENGE_PASSWORD));
  const csr = await craftRequest(signer, { attributes: [attributesField(password)] });
  signer.destroy();
  await keys.close();
  return Buffer.from(requestPem(csr)).toString('base64');
}

/** Returns every text that would reveal a private key: the member of the reply, and each line of its PEM. */
function secretsOf(member: string): readonly string[] {
  const lines = Buffer.from(member, 'base64').toString().split('\n').slice(1, -2);
  return [member.slice(40, 80), ...lines];
}

/** Returns the contents of every file below a folder. */
const contentsOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

const skip = process.platform !== 'linux' && 'only Linux shows the command line of a process';

t.test(
  'no secret is in the log, an error, the metrics, a trace, the command line or a temporary file',
  { skip },
  async (t) => {
    const temporary = t.testdir();
    const collector = await startCollector(t);
    const service = run(t, [START], {
      ...WITH_STORE,
      TMPDIR: temporary,
      LOG_LEVEL: 'trace',
      API_KEYS: API_KEY,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${COLLECTOR_KEY}`,
      RATE_LIMIT_PER_HOUR: '0',
      RATE_LIMIT_GENERATE_PER_MINUTE: '0',
      RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
    });
    const address = addressIn(await service.listening);
    const errors: string[] = [];

    async function ask(
      path: string,
      body?: unknown,
      headers: Record<string, string> = { 'x-api-key': API_KEY },
    ) {
      const reply = await fetch(address + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await reply.text();
      if (!reply.ok) errors.push(text + JSON.stringify([...reply.headers]));
      return { status: reply.status, text };
    }
    const made = async (path: string, body: object): Promise<Record<string, string>> => {
      const { status, text } = await ask(path, body);
      t.equal(status, 200, path);
      return JSON.parse(text);
    };

    const ca = await made('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
    const pair = await made('/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'rsa' });
    const key = await made('/api/v1/keys/generate', { key_format: 'both' });
    const request = await made('/api/v1/csr/generate', { subject: '/CN=a' });
    const authority = { ca_certificate: ca['certificate'], ca_private_key: ca['private_key'] };
    const signing = { csr: await requestWithPassword(), ...authority };
    await made('/api/v1/csr/sign', signing);
    await made('/api/v1/csr/inspect', { csr: signing.csr });

    const protectedKey = { format: 'encrypted-pkcs8', new_password: PASSWORD };
    const encrypted = await made('/api/v1/keys/convert', { key: ca['private_key'], ...protectedKey });
    const file = { key: encrypted['private_key'], password: PASSWORD, new_password: NEW_PASSWORD };
    await made('/api/v1/keys/convert', { ...file, target: 'windows' });
    await made('/api/v1/bundle', { ...file, format: 'pkcs12', certificate: ca['certificate'] });

    const secret = ca['private_key'] ?? '';
    const pem = Buffer.from(secret, 'base64').toString();
    const certificateText = Buffer.from(ca['certificate'] ?? '', 'base64').toString();
    const replies = [
      await made('/api/v1/identify', { data: pem }),
      await made('/api/v1/identify', { data: pem.slice(0, -40) }),
      await made('/api/v1/lint', { data: pem + certificateText }),
      await made('/api/v1/keys/inspect', { key: key['private_key'] }),
      await made('/api/v1/keys/match', { private_key: secret, certificate: ca['certificate'] }),
    ];
    const faults: readonly [string, unknown][] = [
      ['/api/v1/csr/sign', { ...signing, ca_private_key: key['private_key'] }],
      ['/api/v1/csr/sign', { ...signing, ca_private_key: secret.slice(0, -20) }],
      ['/api/v1/csr/sign', { ...signing, ca_private_key: pem.replace('PRIVATE', 'ENCRYPTED PRIVATE') }],
      ['/api/v1/csr/sign', { ...signing, csr: secret }],
      ['/api/v1/csr/sign', { ...signing, ca_certificate: secret }],
      ['/api/v1/csr/sign', { ...signing, ca_private_key: [secret] }],
      ['/api/v1/csr/sign', { ...signing, days: 99_999 }],
      ['/api/v1/csr/sign', `{"ca_private_key":"${secret}"`],
      ['/api/v1/csr/sign', { ...signing, ca_private_key: file.key, ca_private_key_password: NEW_PASSWORD }],
      ['/api/v1/keys/convert', { ...file, password: NEW_PASSWORD }],
      ['/api/v1/keys/convert', { key: secret, password: [PASSWORD], format: 'pkcs12' }],
      ['/api/v1/keys/convert', { key: secret, format: secret, new_password: PASSWORD }],
      ['/api/v1/keys/convert', { key: `{"kty":"AKP","priv":"${secret}"}` }],
      ['/api/v1/keys/convert', { key: { kty: 'AKP', alg: 'ML-DSA-65', priv: secret, pub: secret } }],
      ['/api/v1/bundle', { ...file, format: 'zip', certificate: pair['ml_dsa_certificate'] }],
      ['/api/v1/csr/inspect', { csr: secret }],
      ['/api/v1/certificate/inspect', { certificate: secret }],
      ['/api/v1/certificate/generate', { subject: pem }],
      ['/api/v1/certificate/generate', { subject: '/CN=a', security_level: secret }],
      ['/api/v1/certificate/generate', { subject: '/CN=a', san: [`email:${secret}`] }],
    ];
    for (const [path, body] of faults) t.equal((await ask(path, body)).status, 400);
    const strangers: readonly Record<string, string>[] = [
      { 'x-api-key': wrongKey },
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${token}` },
      { cookie: `session=${cookie}` },
      { 'x-api-key': API_KEY, authorization: `Bearer ${token}` },
    ];
    for (const headers of strangers) {
      t.ok((await ask('/api/v1/keys/generate', {}, headers)).status >= 400);
    }
    await ask(`/api/v1/nothing?api_key=${inQuery}`);
    const { text: metrics } = await ask('/metrics');
    t.match(metrics, /certificate_generation_total\{security_level="ml-dsa-65",outcome="success"\} 2/);
    const commandLine = readFileSync(`/proc/${service.pid}/cmdline`, 'latin1');

    service.kill('SIGTERM');
    const { stdout, stderr } = await service.end;
    t.ok(stdout.split('\n').length > 30, 'the log has many lines');
    t.ok(collector.spans().length > 30, 'the traces have many spans');
    t.ok(collector.requests.every(({ headers }) => headers['api-key'] === COLLECTOR_KEY));

    const members = [ca, pair, key, request].flatMap((answer) =>
      Object.entries(answer).filter(([name]) => name.endsWith('private_key')),
    );
    t.equal(members.length, 5);
    const secrets = [
      API_KEY,
      COLLECTOR_KEY,
      ...WRONG,
      CHALLENGE_PASSWORD,
      PASSWORD,
      NEW_PASSWORD,
      ...members.flatMap(([, member]) => secretsOf(member)),
    ];
    const said = {
      stdout,
      stderr,
      metrics,
      commandLine,
      errors: errors.join(''),
      replies: JSON.stringify(replies),
      traces: collector.bodies.join(''),
      files: contentsOf(temporary).join(''),
    };
    const hits = Object.entries(said).flatMap(([where, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${where}: ${secret}`),
    );
    t.same(hits, []);
    t.comment(
      `T26, T58: ${secrets.length} secrets searched in ${Object.keys(said).length} places: ${hits.length} hits`,
    );
  },
);
