/** How the store and the sealing key of the configuration are opened. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openAuthorities } from '../../service/authorities.ts';
import { configFrom } from '../../src/config/load.ts';
import { authorityOrder, TESTER } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';

const { domain } = await openDomain(t);
const open = async (DATA_DIR: string) => {
  const stored = await openAuthorities(configFrom({ DATA_DIR }), domain, () => {});
  if (stored === undefined) throw new Error('There is no store');
  return stored;
};

t.test('a sealing key that is lost is not replaced while the store has keys that it sealed', async (t) => {
  const folder = join(t.testdir(), 'data');
  const file = join(folder, 'key-encryption.key');
  const empty = await open(folder);
  await empty.close();
  rmSync(file);

  const stored = await open(folder);
  await stored.authorities(TESTER.principal).create(authorityOrder('root'));
  await stored.close();
  await t.resolves(
    open(folder).then((again) => again.close()),
    'with its key it opens again',
  );

  rmSync(file);
  const lost = { name: 'ConfigError', message: /^DATA_DIR has no key-encryption\.key, .* restore that file/ };
  await t.rejects(open(folder), lost);
  await t.rejects(open(folder), lost, 'the first attempt made no new key');
});
