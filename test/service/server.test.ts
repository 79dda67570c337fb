/** The process: its start, its messages and its exit code. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { unavailableReason } from '../../src/algorithms/ml-dsa/engines.ts';
import { addressIn, WITH_STORE, ROOT, run, START } from '../support/process.ts';

for (const [signal, engine] of [
  ['SIGTERM', 'native'],
  ['SIGTERM', 'node'],
  ['SIGINT', 'noble'],
] as const) {
  const skip = unavailableReason(engine);
  t.test(`the service starts with ${engine}, serves, and ends at ${signal}`, { skip }, async (t) => {
    const service = run(t, [START], { ...WITH_STORE, DOCS_ENABLED: 'true', CRYPTO_ENGINE: engine });
    const line = await service.listening;
    const address = addressIn(line);
    t.match(
      JSON.parse(line).msg,
      new RegExp(`^ML-DSA Certificate API \\d+\\.\\d+\\.\\d+ listens on ${address}, engine ${engine}, `),
    );
    t.match(JSON.parse(line).msg, `documentation at ${address}/docs`);
    t.equal((await fetch(`${address}/health`)).status, 200);
    t.equal((await fetch(`${address}/docs`)).status, 200);
    service.kill(signal);
    const { code, stdout, stderr } = await service.end;
    t.equal(code, 0);
    t.match(stdout, `${signal} received: the service stops`);
    t.equal(stderr, '', 'no warning is printed');
  });
}

t.test('a service in development that other machines reach warns of missing authentication', async (t) => {
  const warned = async (env: Readonly<Record<string, string>>): Promise<number> => {
    const service = run(t, [START], { ...WITH_STORE, ...env });
    await service.listening;
    service.kill('SIGTERM');
    await service.end;
    return service.lines('can use this service').length;
  };
  t.equal(await warned({ HOST: '0.0.0.0' }), 1);
  t.equal(await warned({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' }), 0);
  t.equal(await warned({ HOST: '0.0.0.0', API_KEYS: 'k'.repeat(32) }), 0);
  t.equal(await warned({ HOST: '127.0.0.1' }), 0);
});

const noNative = unavailableReason('native');

t.test(
  'a native engine that computes wrongly is not used, or stops the start',
  { skip: noNative },
  async (t) => {
    const addon =
      '{ importKey: async () => 0, publicKey: () => new Uint8Array(1312), destroy() {}, supportsX8664V3: () => false }';
    const wrong = `data:text/javascript,process.dlopen = (module) => { module.exports = ${addon}; }`;
    const fault =
      /The native engine fails its ml-dsa-\d\d self-test: the public key of a known seed is wrong/;

    const auto = run(t, ['--import', wrong, START], WITH_STORE);
    t.match(await auto.listening, 'engine node');
    t.match(JSON.parse(await auto.logged('engine not used')), { level: 40, msg: fault });
    auto.kill('SIGTERM');
    t.equal((await auto.end).code, 0);

    const forced = run(t, ['--import', wrong, START], { ...WITH_STORE, CRYPTO_ENGINE: 'native' });
    const { code, stderr } = await forced.end;
    t.equal(code, 1);
    t.match(stderr, fault);
  },
);

t.test('an uncaught error is logged, and the service drains and ends', async (t) => {
  const fault = `data:text/javascript,process.stdin.once('data', () => { throw new Error('__proto__ ' + ('__proto__' in {})) })`;
  const service = run(t, ['--import', fault, START], WITH_STORE);
  await service.listening;
  service.stdin.write('now\n');
  const { code, stdout } = await service.end;
  t.equal(code, 1);
  const logged = stdout.split('\n').filter((line) => line.includes('uncaught error'));
  t.equal(logged.length, 1);
  t.match(JSON.parse(logged[0] ?? ''), { level: 60, err: { message: '__proto__ false' } });
});

t.test('a port that is in use is reported in one line', async (t) => {
  const occupied = createServer().listen(0, '127.0.0.1');
  t.teardown(() => occupied.close());
  await once(occupied, 'listening');
  const port = String((occupied.address() as AddressInfo).port);
  const { code, stderr } = await run(t, [START], { PORT: port }).end;
  t.equal(code, 1);
  t.equal(
    stderr,
    `ML-DSA Certificate API does not start: port ${port} on 127.0.0.1 is in use; set PORT to another one\n`,
  );
});

t.test('an error in the configuration ends the start with exit code 78 and one line', async (t) => {
  const faults: readonly [Record<string, string>, string | undefined, RegExp][] = [
    [{ PORT: 'eighty' }, undefined, /^Configuration: PORT must be a whole number from 0 to 65535\n$/],
    [{ HOST: '203.0.113.77' }, undefined, /^Configuration: HOST must be an address of this machine\n$/],
    [{ HOST: 'eighty.invalid' }, undefined, /^Configuration: HOST must be an address of this machine\n$/],
    [
      {},
      'CORS_ORIGIN=https://eighty.example',
      /^Configuration: CORS_ORIGIN is not a variable of this service; did you mean CORS_ORIGINS\?\n$/,
    ],
    [
      { NODE_ENV: 'production', API_KEYS: 'eighty' },
      undefined,
      /^Configuration: API_KEYS must be keys of at least 32 characters in production\n$/,
    ],
    [
      { NODE_ENV: 'production' },
      undefined,
      /^Configuration: API_KEYS must be set in production, or one of .* ALLOW_ANONYMOUS=true .*\n$/,
    ],
    [
      { API_KEYS_FILE: '/nowhere/eighty' },
      undefined,
      /^Configuration: API_KEYS_FILE names a file that cannot be read\n$/,
    ],
    [
      { NODE_ENV: 'production' },
      'FLASK_DEBUG=True',
      /^Configuration: DEBUG must not be true in production\n$/,
    ],
  ];
  const runs = faults.map(async ([env, dotenv, message]) => ({
    message,
    ...(await run(t, [START], env, { dotenv }).end),
  }));
  for (const { message, code, stdout, stderr } of await Promise.all(runs)) {
    t.equal(code, 78);
    t.match(stderr, message);
    t.notMatch(stderr + stdout, 'eighty');
  }
});

t.test('npm run config prints the configuration', async (t) => {
  const print = join(ROOT, 'scripts/print-config.ts');
  const dotenv = 'PORT=9000\nLOG_LEVEL=warn # quiet\nHOST=10.0.0.1\n';
  const { code, stdout, stderr } = await run(t, [print], { LOG_LEVEL: 'ERROR', HOST: '' }, { dotenv }).end;
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /^HOST=10\.0\.0\.1\nPORT=9000\n/m);
  t.match(stdout, /^LOG_LEVEL=error\n/m, 'the environment takes precedence over the file');
});
