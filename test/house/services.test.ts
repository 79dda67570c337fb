import { join } from 'node:path';
import t, { type Test } from 'tap';
import { plainNode } from '../support/plain-node.ts';

const SUPPORT = join(import.meta.dirname, '../support');

/** The message of each module on a machine without programs on its PATH. */
const REASONS: { module: string; exported: string; reason: string }[] = [
  { module: 'services.ts', exported: 'curlMissing', reason: 'curl is not installed' },
  { module: 'services.ts', exported: 'nginxMissing', reason: 'nginx is not installed' },
  { module: 'services.ts', exported: 'haproxyMissing', reason: 'haproxy is not installed' },
  { module: 'services.ts', exported: 'apacheMissing', reason: 'apache2 is not installed' },
  { module: 'services.ts', exported: 'faketimeMissing', reason: 'faketime is not installed' },
  { module: 'services.ts', exported: 'redisMissing', reason: 'redis-server is not installed' },
  { module: 'services.ts', exported: 'jqMissing', reason: 'jq is not installed' },
  { module: 'services.ts', exported: 'chromiumMissing', reason: 'Chromium is not installed' },
  { module: 'systemd.ts', exported: 'systemdMissing', reason: 'systemd is not installed' },
  { module: 'openssl.ts', exported: 'opensslMissing', reason: 'no OpenSSL 3.5 or later is at hand' },
  {
    module: 'ml-dsa-servers.ts',
    exported: 'mlDsaServersMissing',
    reason: 'no nginx, HAProxy and Apache with OpenSSL 3.5 or later are at hand',
  },
];

/** Returns the exit code, and the printed value of an export of a module. */
async function importBare(
  t: Test,
  module: string,
  exported: string,
  others: NodeJS.ProcessEnv,
): Promise<[unknown, string]> {
  const program = `console.log((await import(${JSON.stringify(join(SUPPORT, module))})).${exported})`;
  const env = { PATH: '', ...others };
  const { code, stdout } = await plainNode(t, ['--input-type=module', '-e', program], { env });
  return [code, stdout.trim()];
}

t.test('a missing service is the reason to skip a test', async (t) => {
  for (const { module, exported, reason } of REASONS) {
    t.same(await importBare(t, module, exported, {}), [0, reason]);
  }
});

t.test('a missing service is a failure if services are required', async (t) => {
  for (const { module, exported } of REASONS) {
    t.same(await importBare(t, module, exported, { REQUIRE_SERVICES: '1' }), [1, '']);
  }
});
