/** Changes of API_KEYS_FILE while the service runs. */

import { chmodSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { formatKeyLine } from '../../../src/access/key-file.ts';
import { keyFile, makeKey } from '../../support/api-keys.ts';
import { buildEdge } from '../../support/edge.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../../support/process.ts';

const KEY = 'a-key';

t.test('keys are added, removed and expire without a restart', async (t) => {
  const [old, next] = [makeKey(['keys:generate']), makeKey(['keys:generate'])];
  const ended = makeKey(['keys:generate'], { notAfter: new Date(Date.now() - 1000) });
  const file = keyFile(t, old.key, ended.key);
  const { app, log } = await buildEdge(t, { API_KEYS: KEY, API_KEYS_FILE: file.path });
  const statusOf = async ({ text }: { readonly text: string }): Promise<number> =>
    (
      await app.inject({
        method: 'POST',
        url: '/api/v1/keys/generate',
        headers: { authorization: `Bearer ${text}` },
      })
    ).statusCode;
  const LET_IN = 500;
  t.equal(await statusOf(old), LET_IN);
  t.equal(await statusOf(ended), 401, 'it has expired');
  t.equal(await statusOf(next), 401, 'it is not there yet');

  file.write(old.key, next.key);
  await app.reload();
  t.same([await statusOf(old), await statusOf(next)], [LET_IN, LET_IN], 'one replaces the other');
  file.write(next.key);
  await app.reload();
  t.same([await statusOf(old), await statusOf(next)], [401, LET_IN]);
  t.equal(await statusOf({ text: KEY }), LET_IN);

  const before = log.length;
  writeFileSync(file.path, `${formatKeyLine(old.key)}\n${old.text}\n`);
  await app.reload();
  const lines = log.slice(before);
  t.match(lines, [{ level: 50, msg: /^API_KEYS_FILE cannot be read again: what was read before stays/ }]);
  t.match(lines, [{ err: { message: /^API_KEYS_FILE line 2 must have the form/ } }]);
  t.same([await statusOf(old), await statusOf(next)], [401, LET_IN], 'a bad file changes nothing');
});

t.test('an invalid file stops the start, and a world-readable file is logged', async (t) => {
  const file = keyFile(t, makeKey(['inspect']).key);
  chmodSync(file.path, 0o640);
  const quiet = await buildEdge(t, { API_KEYS_FILE: file.path });
  t.notMatch(JSON.stringify(quiet.log), 'every user');
  chmodSync(file.path, 0o644);
  const { log } = await buildEdge(t, { API_KEYS_FILE: file.path });
  t.match(
    log.find(({ level }) => level === 40),
    { msg: 'API_KEYS_FILE can be read by every user of this machine' },
  );
  await t.rejects(buildEdge(t, { API_KEYS_FILE: `${file.path}.not` }), {
    name: 'ConfigError',
    message: 'API_KEYS_FILE names a file that cannot be read',
  });
  writeFileSync(file.path, 'secret');
  await t.rejects(buildEdge(t, { API_KEYS_FILE: file.path }), {
    name: 'ConfigError',
    message: /^API_KEYS_FILE line 1 must have the form/,
  });
});

t.test('SIGHUP reads the file again without a restart', async (t) => {
  const { key, text } = makeKey(['keys:generate']);
  const file = keyFile(t);
  const service = run(t, [START], { ...WITHOUT_STORE, API_KEYS_FILE: file.path });
  const address = addressIn(await service.listening);
  const status = async (): Promise<number> => {
    const headers = { 'X-API-Key': text };
    return (await fetch(`${address}/api/v1/keys/generate`, { method: 'POST', headers })).status;
  };
  t.equal(await status(), 401);
  file.write(key);
  service.kill('SIGHUP');
  await service.logged('API_KEYS_FILE is read again');
  t.equal(await status(), 200);
  service.kill('SIGTERM');
  const { code, stdout } = await service.end;
  t.equal(code, 0);
  t.notMatch(stdout, text);
});
