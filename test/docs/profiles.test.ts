/** docs/profiles.md: its table is what the profiles contain, and its examples are accepted. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PROFILE_NAMES, PROFILES } from '../../src/ca/profile.ts';
import { oidName } from '../../src/formats/oids.ts';
import { ROOT } from '../support/process.ts';
import { openPatiently } from '../support/authorities.ts';
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

const blockOf = (name: string): object =>
  JSON.parse(new RegExp(`\`\`\`json ${name}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '');

t.test('the stored profile issues its order, and refuses as the page says', async (t) => {
  const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
  const post = poster(app);
  await post('/api/v1/authorities', { name: 'issuing', subject: '/CN=Issuing' });
  const payload = blockOf('profile');
  const written = await app.inject({ method: 'PUT', url: '/api/v1/profiles/web', payload });
  t.equal(written.statusCode, 201, written.body);
  t.same(written.json().document, payload);
  const issue = (body: object) => post('/api/v1/authorities/issuing/certificates', body);
  const { statusCode, answer } = await issue(blockOf('order'));
  t.equal(statusCode, 201, answer.detail);
  t.equal(answer.subject, '/O=Example Org/CN=www.example.com');
  t.equal(Date.parse(answer.not_after) - Date.parse(answer.not_before), 30 * 86_400_000);
  const refused = await issue({ profile: 'web', san: ['DNS:a.example.org'], days: 120 });
  t.match(refused.answer, {
    status: 403,
    code: 'policy-violation',
    errors: [{ pointer: '/san/0' }, { pointer: '/days' }],
  });
});
