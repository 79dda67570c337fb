/** The commands of docs/operations.md, as an operator pastes them. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import t from 'tap';
import { readBlocks } from '../../scripts/readme-blocks.ts';
import { paste } from '../support/children.ts';
import { opensslMissing, opensslProgram } from '../support/openssl.ts';
import { addressIn, WITHOUT_STORE, ROOT, run, START } from '../support/process.ts';
import { curlMissing, jqMissing } from '../support/services.ts';

t.test('its commands set up TLS', { skip: curlMissing || jqMissing || opensslMissing }, async (t) => {
  const [make = '', look = ''] = readBlocks(await readFile(join(ROOT, 'docs/operations.md'), 'utf8')).map(
    ({ commands }) => commands,
  );
  const cwd = t.testdir();
  const path = `${dirname(opensslProgram)}:`;
  const follow = async (commands: string, address: string): Promise<string> => {
    const env = { ...process.env, PATH: `${path}${process.env.PATH}` };
    const here = commands.replaceAll('localhost:8000', `localhost:${new URL(address).port}`);
    return paste(t, here, { cwd, env });
  };

  const plain = run(t, [START], WITHOUT_STORE);
  await follow(make, addressIn(await plain.listening));
  plain.kill('SIGTERM');

  const files = { TLS_CERT_FILE: join(cwd, 'tls.crt'), TLS_KEY_FILE: join(cwd, 'tls.key') };
  const secured = run(t, [START], { ...WITHOUT_STORE, ...files });
  const shown = await follow(look, addressIn(await secured.listening));
  for (const words of ['X25519MLKEM768', 'mldsa65', 'Verification: OK']) t.match(shown, words);
  secured.kill('SIGTERM');
  const { code, stdout } = await secured.end;
  t.equal(code, 0);
  t.notMatch(stdout, 'can be read by every user');
  t.equal((await plain.end).code, 0);
});
