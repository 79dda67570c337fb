/** `npm run crl:export` writes CRLs and CA certificates below a folder, and only what changed. */

import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { runProgram } from '../support/children.ts';
import { programFile, ROOT } from '../support/process.ts';
import { startApp } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

t.test('files for a web server', async (t) => {
  const folder = t.testdir({});
  const DATA_DIR = join(folder, 'data');
  const app = await startApp(t, { DATA_DIR });
  const made = await succeeding(async () => {
    const payload = { name: 'root', subject: '/CN=Root', key_algorithm: 'ml-dsa-44' };
    const reply = await app.inject({ method: 'POST', url: '/api/v1/authorities', payload });
    if (reply.statusCode !== 201) throw new Error(reply.body);
    return reply.json();
  });
  const id: string = made.keys[0].id;
  const served = await succeeding(async () => {
    const reply = await app.inject(`/crl/${id}.crl`);
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return reply;
  });
  const { NODE_OPTIONS: _, ...env } = process.env;
  const target = join(folder, 'www');
  const run = () =>
    runProgram(t, process.execPath, [programFile('scripts/crl-export.ts'), target], {
      cwd: ROOT,
      env: { ...env, NODE_ENV: 'development', DATA_DIR },
    });
  t.match(await run(), { code: 0, stdout: `issuers/${id}.cer written\ncrl/${id}.crl written\n` });
  t.match(await run(), { code: 0, stdout: `issuers/${id}.cer unchanged\ncrl/${id}.crl unchanged\n` });
  t.same(readFileSync(join(target, 'crl', `${id}.crl`)), served.rawPayload);
  const modified = statSync(join(target, 'crl', `${id}.crl`)).mtime;
  t.equal(modified.toUTCString(), served.headers['last-modified']);
  t.equal(new X509Certificate(readFileSync(join(target, 'issuers', `${id}.cer`))).subject, 'CN=Root');
  t.same(readdirSync(join(target, 'crl')), [`${id}.crl`], 'nothing else is left');
});
