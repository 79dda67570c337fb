/**
 * The commands of docs/deployment.md, as they are written: from a clone to a request through each proxy, on the ports
 * that the files name. They run as root on a separate systemd, in a separate network.
 */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { findProgram } from '../../scripts/find-program.ts';
import { paste, runProgram } from '../support/children.ts';
import { hasHttp2Directive, makeIdentity } from '../support/fronts.ts';
import { ROOT } from '../support/process.ts';
import {
  apacheMissing,
  caddyMissing,
  curlMissing,
  haproxyMissing,
  missing,
  nginxMissing,
  type Missing,
} from '../support/services.ts';
import { managerMissing, startMachine, type Machine } from '../support/systemd.ts';

const GUIDE = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');
const NAME = 'pki.example.org';

/** The commands of the guide after `<!-- started: NAME -->`. Throws Error if there are none. */
function commands(name: string): string {
  const block = new RegExp(`<!-- started: ${name} -->\n\n\`\`\`bash\n([^]*?)^\`\`\`$`, 'm').exec(GUIDE);
  if (block?.[1] === undefined) throw new Error(`The guide has no block "${name}"`);
  return block[1];
}

/** Installs the packages that this tree has. To install them again takes 30 s of processor time, and .ci/run does it. */
const INSTALL_ALL = 'npm --prefix /opt/mldsa-api ci\n';
const COPY_ALL = 'cp -a "$PACKAGES" /opt/mldsa-api/node_modules\n';
const PACKAGES = join(ROOT, 'node_modules');

/** An empty folder. A test has one folder of tap, which the units are in. */
function makeFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A repository with the files of this folder, changes included. Returns its URL. */
async function makeRepository(t: Test): Promise<string> {
  const folder = makeFolder(t);
  const git = findProgram('git') ?? '';
  const listed = ['-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await runProgram(t, git, listed);
  for (const path of stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  const commit =
    'git init -q && git add -A && git -c user.name=test -c user.email=test@localhost commit -qm all';
  await paste(t, commit, { cwd: folder });
  return `file://${folder}`;
}

/** Debian's unit of a proxy. It can start without the socket of a system log. */
function proxyUnits(): Record<string, string> {
  const units = ['nginx', 'apache2', 'haproxy', 'caddy'].flatMap((name) => {
    const path = `/lib/systemd/system/${name}.service`;
    return existsSync(path) ? [[`${name}.service`, readFileSync(path, 'utf8')] as const] : [];
  });
  return Object.fromEntries(units.map(([name, unit]) => [name, unit.replace(/^BindReadOnlyPaths=.*$/m, '')]));
}

interface Proxy {
  readonly unit: string;
  readonly missing: Missing;
  readonly blocks: readonly string[];
}

const PROXIES: readonly Proxy[] = [
  {
    unit: 'nginx',
    missing: nginxMissing,
    blocks: ['nginx', ...(hasHttp2Directive() ? [] : ['nginx before 1.25.1']), 'nginx start'],
  },
  { unit: 'apache2', missing: apacheMissing, blocks: ['apache'] },
  { unit: 'haproxy', missing: haproxyMissing, blocks: ['haproxy'] },
  { unit: 'caddy', missing: caddyMissing, blocks: ['caddy'] },
];

/** Requests a key through the proxy. Returns the status, and the version of HTTP. */
const generate = (machine: Machine, apiKey: string): Promise<string> =>
  machine.bash(
    `curl -sS --retry 5 --retry-connrefused --cacert /etc/mldsa-api/tls.crt --resolve ${NAME}:443:127.0.0.1 \\
      -X POST -H "X-API-Key: ${apiKey}" -o /dev/null -w '%{http_code} over HTTP/%{http_version}' \\
      https://${NAME}/api/v1/keys/generate`,
    'own',
    {},
  );

t.setTimeout(1_200_000);

const gitMissing = findProgram('git') === undefined && missing('git is not installed');

t.test(
  'the guide leads to a request through each proxy',
  { skip: managerMissing || curlMissing || gitMissing },
  async (t) => {
    const machine = await startMachine(t, proxyUnits());
    const env = { REPOSITORY: await makeRepository(t), NAME };
    await t.rejects(machine.bash(commands('install'), 'outer', {}), /REPOSITORY: is not set/);
    t.ok(commands('install').includes(INSTALL_ALL));
    // npm needs the registry, which the separate network does not reach.
    await machine.bash(commands('install').replace(INSTALL_ALL, COPY_ALL), 'outer', { ...env, PACKAGES });
    const shown = await machine.bash(commands('keys'), 'own', env);
    const key = /^mld_\S+$/m.exec(shown)?.[0] ?? '';
    await machine.bash(commands('units'), 'own', env);
    const active = 'systemctl is-active mldsa-api@8001.service mldsa-api@8002.service';
    t.equal(await machine.bash(active, 'own', {}), 'active\nactive\n', 'both processes run');

    await t.test('authorities', async (t) => {
      const lines = await machine.bash(commands('sqlite'), 'own', env);
      const operator = /^mld_\S+$/m.exec(lines)?.[0] ?? '';
      const request = (path: string, apiKey: string, body: string): Promise<string> =>
        machine.bash(
          `curl -sS -o /dev/null -w '%{http_code}' -H "X-API-Key: ${apiKey}" -H 'Content-Type: application/json' \\
            -d '${body}' http://127.0.0.1:${path}`,
          'own',
          {},
        );
      const authority = '{"name": "root-1", "subject": "/CN=Example Root CA"}';
      t.equal(await request('8001/api/v1/authorities', key, authority), '403', 'a client cannot make one');
      t.equal(await request('8001/api/v1/authorities', operator, authority), '201');
      const certificate = '{"subject": "/CN=www.example.com", "san": ["DNS:www.example.com"]}';
      const path = '8002/api/v1/authorities/root-1/certificates';
      t.equal(await request(path, key, certificate), '201', 'the other process issues from it');
      t.match(await machine.bash(commands('backup'), 'own', env), /^Copied \d certificates? and/m);
      const owner = await machine.bash('stat -Lc %u /var/lib/mldsa-api/authority.db*', 'own', {});
      t.notMatch(owner, /^0$/m, 'the backup leaves no file of root');
    });

    const identity = join(makeFolder(t), 'tls.pem');
    writeFileSync(identity, await makeIdentity(NAME));
    await machine.bash(
      `(umask 077; openssl x509 -in "$PEM" -out /etc/mldsa-api/tls.crt; openssl pkey -in "$PEM" -out /etc/mldsa-api/tls.key)`,
      'own',
      { PEM: identity },
    );
    for (const { unit, missing, blocks } of PROXIES) {
      await t.test(unit, { skip: missing }, async (t) => {
        const lines = blocks.map(commands).join('');
        await machine.bash(lines, 'own', env);
        t.equal(await generate(machine, key), '200 over HTTP/2');
        t.equal(await generate(machine, 'another'), '401 over HTTP/2');
        await machine.bash(`systemctl stop ${unit}`, 'own', {});
      });
    }
  },
);
