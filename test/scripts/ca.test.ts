/** `npm run ca -- init` and `npm run rekey`. */

import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openPatiently } from '../support/authorities.ts';
import { runProgram } from '../support/children.ts';
import { programFile, ROOT } from '../support/process.ts';
import { pemOf, startApp } from '../support/service.ts';

const folder = t.testdir();
const DATA_DIR = join(folder, 'data');

/** A file with a sealing key. */
const keyFile = (name: string, octet: number): string => {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(32, octet), { mode: 0o600 });
  return path;
};
const [OLD, NEW] = [keyFile('old.key', 1), keyFile('new.key', 2)];

const run = (script: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
  runProgram(t, process.execPath, [programFile(`scripts/${script}.ts`), ...args], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR, ...env },
  });

/** Returns the service with this sealing key. */
const serve = (KEY_ENCRYPTION_KEY_FILE: string) =>
  startApp(t, { DATA_DIR, KEY_ENCRYPTION_KEY_FILE }, openPatiently);

t.test('init makes a root and an intermediate, and prints their ids and fingerprints', async (t) => {
  const made = await run('ca', ['init', '--organization', 'A/B + C', '--algorithm', 'ml-dsa-44'], {
    KEY_ENCRYPTION_KEY_FILE: OLD,
  });
  t.equal(made.stderr, '');
  t.equal(made.code, 0);
  const app = await serve(OLD);
  const { authorities } = (await app.inject('/api/v1/authorities')).json();
  t.same(
    authorities.map(({ name }: { name: string }) => name),
    ['issuing-1', 'root-1'],
  );
  for (const {
    id,
    name,
    keys: [key],
  } of authorities) {
    const { fingerprint256, subject } = new X509Certificate(pemOf(key.certificate));
    for (const line of [`  name     ${name}`, `  id       ${id}`, `  SHA-256  ${fingerprint256}`])
      t.match(made.stdout, line);
    t.match(subject, 'O=A/B \\+ C');
  }
  const again = await run('ca', ['init'], { KEY_ENCRYPTION_KEY_FILE: OLD });
  t.equal(again.code, 1);
  t.equal(again.stderr, 'Another authority has the name root-1\n');
  await app.close();
});

t.test('rekey seals the keys with the new key, after which the old one is not needed', async (t) => {
  const rekeyed = await run('rekey', [], { KEY_ENCRYPTION_KEY_FILE: NEW, KEY_DECRYPTION_KEY_FILE: OLD });
  t.same(rekeyed, {
    code: 0,
    stdout: '2 keys are sealed again, 0 were sealed with this key before\n',
    stderr: '',
  });
  const app = await serve(NEW);
  const reply = await app.inject({
    method: 'POST',
    url: '/api/v1/authorities/issuing-1/certificates',
    payload: { subject: '/CN=a' },
  });
  t.equal(reply.statusCode, 201);
  await app.close();
  const failed = await run('rekey', [], { KEY_ENCRYPTION_KEY_FILE: OLD });
  t.equal(failed.code, 1);
  t.match(failed.stderr, /^[\da-f-]{36}: The private key of the authority is sealed with a key that neither/);
});

t.test('a faulty argument or configuration is named', async (t) => {
  for (const [args, message] of [
    [[], /^The command must be init\n/],
    [['init', '--algorithm', 'dsa'], /^--algorithm must be one of/],
    [['init', '--root', 'a b'], /^--root must be letters/],
  ] as const) {
    const { code, stderr } = await run('ca', args, {});
    t.equal(code, 2);
    t.match(stderr, message);
  }
  const { code, stderr } = await run('ca', ['init'], {
    NODE_ENV: 'production',
    ALLOW_ANONYMOUS: 'true',
    DATA_DIR: '',
  });
  t.equal(code, 78);
  t.match(stderr, /DATA_DIR or DATABASE_URL must be set/);
});
