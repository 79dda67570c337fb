/** docs/profiles.md: its table is what the profiles contain, and its example is accepted. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PROFILE_NAMES, PROFILES } from '../../src/ca/profile.ts';
import { oidName } from '../../src/formats/oids.ts';
import { ROOT } from '../support/process.ts';
import { poster, startApp } from '../support/service.ts';

const page = readFileSync(join(ROOT, 'docs/profiles.md'), 'utf8');

/** Rows of the first table, each a list of its cells. */
const rows = page
  .slice(page.indexOf('| profile'), page.indexOf('keyUsage is critical'))
  .split('\n')
  .slice(2)
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

t.test('the table lists every profile as the service has it', async (t) => {
  const expected = PROFILE_NAMES.map((name) => {
    const { keyUsage, extendedKeyUsage, defaultDays, maxDays } = PROFILES[name];
    return [
      name === 'tls' ? '`tls` (default)' : `\`${name}\``,
      keyUsage.join(', '),
      extendedKeyUsage.map(oidName).join(', ') || 'none',
      `${defaultDays}, ${maxDays}`,
    ];
  });
  t.same(rows, expected);
});

t.test('the example is accepted', async (t) => {
  const post = poster(await startApp(t));
  const [, example = ''] = /```json\n([^]*?)```/.exec(page) ?? [];
  const { statusCode } = await post('/api/v1/certificate/generate', JSON.parse(example));
  t.equal(statusCode, 200);
});
