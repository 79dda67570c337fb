/** The service as it is built: it does what it does in the tree, what it loads only where it is configured included. */

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTED } from '../../scripts/generated-files.ts';
import t, { type Test } from 'tap';
import { bundle } from '../../scripts/bundle.ts';
import { unavailableReason } from '../../src/algorithms/ml-dsa/engines.ts';
import { startCollector } from '../support/collector.ts';
import { addressIn, childrenOf, WITHOUT_STORE, ROOT, run, type Run } from '../support/process.ts';
import { plainNode } from '../support/plain-node.ts';
import { startRedis } from '../support/redis.ts';
import { redisMissing } from '../support/services.ts';
import { until } from '../support/until.ts';

const root = t.testdir({ log: {} });
const built = (name: string): string => join(root, 'dist', name);
await bundle(join(root, 'dist'));
if (existsSync(join(ROOT, 'native'))) symlinkSync(join(ROOT, 'native'), join(root, 'native'));

async function startBuilt(t: Test, env: Readonly<Record<string, string>>) {
  const service = run(t, [built('start.js')], { ...WITHOUT_STORE, ...env });
  const line = await service.listening;
  return { service, line, address: addressIn(line) };
}

async function generate(address: string): Promise<X509Certificate> {
  const reply = await fetch(`${address}/api/v1/certificate/generate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ subject: '/CN=built.example' }),
  });
  const { certificate } = (await reply.json()) as { readonly certificate: string };
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}

async function textAt(url: string): Promise<string> {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(`${url} answers ${reply.status}`);
  return reply.text();
}

async function endOf(service: Run): Promise<void> {
  service.kill('SIGTERM');
  const { code, stderr } = await service.end;
  if (code !== 0 || /Error/.test(stderr)) throw new Error(`exit code ${code}: ${stderr}`);
}

for (const engine of ['node', 'noble', 'native'] as const) {
  t.test(`with the engine ${engine}`, { skip: unavailableReason(engine) }, async (t) => {
    const { service, line, address } = await startBuilt(t, { CRYPTO_ENGINE: engine });
    t.match(line, `engine ${engine}`);
    const certificate = await generate(address);
    t.ok(certificate.verify(certificate.publicKey));
    await endOf(service);
  });
}

t.test('the page, its scripts and the document', async (t) => {
  const { LOG_LEVEL: _, ...environment } = DOCUMENTED;
  const { service, address } = await startBuilt(t, environment);
  t.match(await textAt(`${address}/docs`), 'swagger-ui-bundle.js');
  t.match(await textAt(`${address}/docs/static/swagger-ui-bundle.js`), 'SwaggerUIBundle');
  t.equal(
    (await textAt(`${address}/docs/yaml`)).trim(),
    readFileSync(join(ROOT, 'openapi.yaml'), 'utf8').trim(),
  );
  await endOf(service);
});

t.test('with workers, which are built too', async (t) => {
  const { service, address } = await startBuilt(t, { WEB_CONCURRENCY: '2' });
  const programOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  await until(
    () =>
      childrenOf(service.pid ?? 0).filter((pid) => programOf(pid).includes(built('worker.js'))).length === 2,
  );
  t.equal((await generate(address)).subject, 'CN=built.example');
  await endOf(service);
});

t.test('with a log in files', async (t) => {
  const current = join(root, 'log/current.log');
  const service = run(t, [built('start.js')], { ...WITHOUT_STORE, LOG_FILE: join(root, 'log/service.log') });
  await until(() => existsSync(current) && readFileSync(current, 'utf8').includes('listens on'));
  await endOf(service);
});

t.test('with Redis', { skip: redisMissing }, async (t) => {
  const redis = await startRedis(t);
  const { service, address } = await startBuilt(t, { REDIS_URL: redis.url });
  await generate(address);
  t.match(await textAt(`${address}/metrics`), /^ratelimit_degraded 0$/m);
  await endOf(service);
});

t.test('with traces', async (t) => {
  const collector = await startCollector(t);
  const { service, address } = await startBuilt(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await generate(address);
  await endOf(service);
  t.ok(collector.spans().some(({ name }) => name === 'POST /api/v1/certificate/generate'));
});

t.test('the health check of the image', async (t) => {
  const { service, address } = await startBuilt(t, {});
  const check = (port: string) =>
    spawnSync(process.execPath, [built('healthcheck.js')], { env: { PORT: port } }).status;
  t.equal(check(new URL(address).port), 0);
  t.equal(check('1'), 1);
  await endOf(service);
});

t.test('the commands of an operator in a container', async (t) => {
  const directory = t.testdir({ 'sealing.key': Buffer.alloc(32, 1) });
  const env = {
    NODE_ENV: 'production',
    ALLOW_ANONYMOUS: 'true',
    DATA_DIR: directory,
    KEY_ENCRYPTION_KEY_FILE: join(directory, 'sealing.key'),
  };
  const outputOf = async (name: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout } = await plainNode(t, [built(`${name}.js`), ...args], { cwd: directory, env });
    t.equal(code, 0, name);
    return stdout;
  };
  t.match(await outputOf('ca', 'init'), /^root\n {2}name +root-1$/m);
  t.match(await outputOf('rekey'), /^0 keys are sealed again, 2 were sealed with this key before$/m);
  t.match(await outputOf('audit-checkpoint'), '"');
  t.match(await outputOf('audit-verify'), /^The audit chain is valid: \d+ records, 1 checkpoints$/m);
  t.match(
    await outputOf('backup', '--to', join(directory, 'copy.db')),
    /^Copied 1 certificates and \d+ audit records to /,
  );
});
