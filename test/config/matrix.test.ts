/**
 * Every variable with every fault. The variables come from the schema, so a new variable is tested without a change
 * here.
 */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { configFrom, type Environment } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { isVariableName, schemaOf, SECRET_NAMES, VARIABLE_NAMES } from '../../src/config/schema.ts';
import { faultOf } from '../support/config-fault.ts';
import { WITHOUT_STORE, run, START } from '../support/process.ts';

const CANARY = 'canary-5e1f0c';

interface Fault {
  readonly name: string;
  readonly text: string;
  /** `may`: accepted by a variable for texts, refused by the others. */
  readonly mustBe: 'absent' | 'refused' | 'may';
}

/** Faults for every variable. */
const FAULTS: readonly Fault[] = [
  { name: 'empty', text: '', mustBe: 'absent' },
  ...[' ', '\t', '\n', '\u00a0', '\ufeff'].map((text): Fault => ({ name: 'blank', text, mustBe: 'refused' })),
  { name: '1 MB', text: CANARY.repeat(80_000), mustBe: 'refused' },
  { name: '1 MB of digits', text: '7'.repeat(1_000_000), mustBe: 'refused' },
  ...[
    '\0',
    `${CANARY}\0`,
    `${CANARY}\nX=1`,
    `\u001b[2J${CANARY}`,
    `${CANARY}\u0085`,
    `1\r`.concat('\n1'),
  ].map((text): Fault => ({ name: 'control characters', text, mustBe: 'refused' })),
  { name: 'another text', text: CANARY, mustBe: 'may' },
  { name: 'JSON', text: `{"a":"${CANARY}"}`, mustBe: 'may' },
  { name: 'a prototype', text: '__proto__', mustBe: 'may' },
  { name: 'a reference', text: `\${${CANARY}}`, mustBe: 'may' },
  { name: 'Cyrillic letters', text: `\u0441\u0430n\u0430ry-5e1f0c`, mustBe: 'may' },
  { name: 'a list', text: `${CANARY},${CANARY}-2`, mustBe: 'may' },
  {
    name: 'a long list',
    text: Array.from({ length: 101 }, (_, i) => `${CANARY}-${i}`).join(),
    mustBe: 'may',
  },
];

/** Texts that are invalid for a type. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  integer:
    `1.5 1e3 0x10 +1 1_000 1,000 NaN Infinity true \uff18\uff10 \u0661 99999999999999999999 ${CANARY}`.split(
      ' ',
    ),
  boolean: `2 -1 maybe truee t\u0433ue \uff54rue null undefined ${CANARY}`.split(' '),
  enum: `${CANARY} null __proto__ constructor 0 \u0430uto`.split(' '),
};

function faultsOf(variable: (typeof VARIABLE_NAMES)[number]): readonly Fault[] {
  const { type = '', enum: words, minimum, maximum } = schemaOf(variable);
  const wrong = WRONG[words === undefined ? type : 'enum'] ?? [];
  const outside = [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
  return [
    ...FAULTS,
    ...[...wrong, ...outside.map(String)].map((text): Fault => ({ name: 'wrong', text, mustBe: 'refused' })),
  ];
}

/** Returns whether the error repeats a part of the value. */
const leaks = (said: string, { text }: Fault): boolean =>
  said.includes('canary') || said.includes('\u0441\u0430n') || (text.length > 6 && said.includes(text));

t.test(
  'every variable with a faulty value counts as unset, is refused by its name, or accepts it as a text',
  async (t) => {
    const bare = JSON.stringify(configFrom({}));
    let rows = 0;
    let right = 0;
    let leaked = 0;
    for (const variable of VARIABLE_NAMES) {
      for (const fault of faultsOf(variable)) {
        rows++;
        const said = faultOf({ [variable]: fault.text });
        const isRefused = said !== 'none';
        // The error of a variable that needs another one names the other one.
        const isNamed = VARIABLE_NAMES.some((name) => said.startsWith(`${name} `));
        const isAbsent = !isRefused && JSON.stringify(configFrom({ [variable]: fault.text })) === bare;
        const verdict = { absent: isAbsent, refused: isRefused && isNamed, may: !isRefused || isNamed }[
          fault.mustBe
        ];
        if (verdict) right++;
        else t.fail(`${variable}: ${fault.name} ${JSON.stringify(fault.text.slice(0, 20))}: ${said}`);
        if (isRefused && leaks(said, fault)) leaked++;
      }
    }
    t.equal(right, rows);
    t.equal(leaked, 0);
    t.comment(
      `T75: configuration: ${VARIABLE_NAMES.length} variables, ${right}/${rows} faults are handled as expected, ${leaked} leaks`,
    );
  },
);

t.test('every accepted value of a secret is masked', async (t) => {
  for (const secret of SECRET_NAMES) {
    for (const { text } of FAULTS.filter((fault) => faultOf({ [secret]: fault.text }) === 'none')) {
      t.notMatch(printConfig(configFrom({ [secret]: text })), 'canary', secret);
    }
  }
});

const SECRET_FILES = SECRET_NAMES.map((name) => `${name}_FILE`).filter((file) => !isVariableName(file));

t.test('every secret may be in a file, and every fault of the file is rejected', async (t) => {
  const folder = t.testdir();
  const path = (name: string): string => join(folder, name);
  const file = (name: string, text: string): string => {
    writeFileSync(path(name), text, { mode: 0o600 });
    return path(name);
  };
  mkdirSync(path('canary-folder'));
  const faults: readonly (readonly [name: string, path: string])[] = [
    ['missing', path('canary-missing')],
    ['a folder', path('canary-folder')],
    ['below a file', join(file('canary-file', CANARY), 'below')],
    ['a path with NUL', `${path('canary')}\0`],
    ['empty', file('canary-empty', '')],
    ['blank', file('canary-blank', ' \n\t\n')],
    ['1 MB', file('canary-huge', CANARY.repeat(80_000))],
    ['NUL', file('canary-nul', `redis://canary\0`)],
    ['two lines', file('canary-lines', `redis://canary\nredis://canary`)],
  ];
  let right = 0;
  for (const variable of SECRET_FILES) {
    for (const [name, path] of faults) {
      const said = faultOf({ [variable]: path });
      if (said.startsWith(variable.replace(/_FILE$/, '')) && !said.includes('canary')) right++;
      else t.fail(`${variable}: ${name}: ${said}`);
    }
  }
  t.equal(right, faults.length * SECRET_FILES.length);
  t.comment(
    `T75: secrets in files: ${right}/${faults.length * SECRET_FILES.length} are refused by name, 0 leaks`,
  );
});

t.test('a secret in a file that every user can read causes a warning', async (t) => {
  const path = join(t.testdir(), 'secret');
  writeFileSync(path, CANARY);
  const warnings: string[] = [];
  const note = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  for (const mode of [0o644, 0o600]) {
    chmodSync(path, mode);
    for (const variable of SECRET_FILES) faultOf({ [variable]: path });
  }
  await nextTurn();
  t.same(
    warnings,
    SECRET_FILES.map((variable) => `${variable} can be read by every user of this machine`),
  );
});

t.test('the process ends with exit code 78 and a line that names the variable, not its value', async (t) => {
  const samples: readonly (readonly [string, Environment])[] = [
    ['PORT', { PORT: CANARY }],
    ['API_KEYS_FILE', { API_KEYS_FILE: `/${CANARY}` }],
    ['TLS_CERT_FILE', { TLS_CERT_FILE: `/${CANARY}`, TLS_KEY_FILE: `/${CANARY}` }],
    ['REDIS_URL', { REDIS_URL: `http://${CANARY}` }],
  ];
  const ends = await Promise.all(
    samples.map(async ([name, environment]) => {
      const { code, stdout, stderr } = await run(t, [START], { ...WITHOUT_STORE, ...environment }).end;
      return { name, code, stderr, said: stdout + stderr };
    }),
  );
  for (const { name, code, stderr, said } of ends) {
    t.equal(code, 78, name);
    t.match(stderr, new RegExp(`^Configuration: ${name} [^\n]*\n$`));
    t.notMatch(said, CANARY);
  }
});
