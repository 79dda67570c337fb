/** docs/names.md: its lists are what the code has, and its examples are accepted. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PROFILE_NAMES, PROFILES, type ProfileName } from '../../src/ca/profile.ts';
import { ATTRIBUTE_ROWS, NOT_TEXT } from '../../src/x509/names/attribute-table.ts';
import { parseGeneralName } from '../../src/x509/names/general-name.ts';
import { otherNameOid } from '../../src/x509/names/other-name-forms.ts';
import { ROOT } from '../support/process.ts';

const page = readFileSync(join(ROOT, 'docs/names.md'), 'utf8');

const between = (start: string, end: string): string =>
  page.slice(page.indexOf(start) + start.length, page.indexOf(end));
const codesOf = (text: string): string[] => Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);

t.test('the attribute types are those of the code', async (t) => {
  const names = codesOf(between('appendix A.1):', '**Any other type**')).filter((name) =>
    /^[\w-]{1,}$/.test(name),
  );
  const known = ATTRIBUTE_ROWS.flatMap(([, name, , , ...others]) => [name, ...others]);
  t.same(new Set(names), new Set([...known, 'M', 'F']));
  const refused = codesOf(between('or are passwords:', '### Empty subject'));
  t.same(
    refused,
    NOT_TEXT.map(([, name]) => name),
  );
});

t.test('the examples of alternative names are accepted', async (t) => {
  const rows = between('## Alternative names', '`certificate/inspect`').split('\n').slice(4);
  const texts = rows.flatMap((row) => codesOf(row.split('|')[1] ?? ''));
  t.equal(texts.length, 14);
  for (const text of texts) t.doesNotThrow(() => parseGeneralName(text), text);
});

t.test('the profiles grant what the table says', async (t) => {
  const rows = between('### Other names in a CSR', 'The caller of')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const granted = new Map<ProfileName, readonly string[]>();
  for (const row of rows) {
    const [, profiles = '', names = ''] = row.split('|');
    for (const profile of codesOf(profiles) as ProfileName[])
      granted.set(profile, [otherNameOid[names.trim() as keyof typeof otherNameOid]]);
  }
  for (const name of PROFILE_NAMES) t.same(PROFILES[name].otherNames, granted.get(name) ?? [], name);
});
