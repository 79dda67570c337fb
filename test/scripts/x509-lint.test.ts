/** `x509-lint` as a process: files, folders, formats and exit codes, and below node_modules, where npx installs it. */

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LISTED_RULES } from '../../src/lint/registry.ts';
import { keyUsage, leaf } from '../lint/fixtures/parts.ts';
import { runProgram } from '../support/children.ts';
import { craftCertificate, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { ROOT } from '../support/process.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');
const COMMAND = join(ROOT, 'bin/x509-lint.js');

const pem = (octets: Uint8Array, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(octets).toString('base64')}\n-----END ${label}-----\n`;

const GOOD = await craftCertificate(key, leaf());
const NEGATIVE = await craftCertificate(key, leaf({ serialNumber: octets('02 01 ff') }));
const UNCRITICAL = await craftCertificate(
  key,
  leaf({ extensions: { keyUsage: keyUsage('03 02 07 80', false) } }),
);

const FILES = {
  'good.pem': pem(GOOD),
  'notes.txt': 'nothing to lint\n',
  sub: { 'a & b.pem': `subject=leaf\n${pem(GOOD)}${pem(NEGATIVE)}`, 'warned.pem': pem(UNCRITICAL) },
};

const { NODE_OPTIONS: _, ...env } = process.env;

const runIn = (t: Test, cwd: string, args: readonly string[], command = COMMAND) =>
  runProgram(t, process.execPath, [command, ...args], { cwd, env });

t.test('a folder is searched, and the lowest severity that fails can be chosen', async (t) => {
  const folder = t.testdir(FILES);
  const { code, stdout } = await runIn(t, folder, ['.']);
  t.equal(code, 1);
  t.same(stdout.split('\n'), [
    'sub/a & b.pem:5: error rfc5280-serial-positive: The serial number must be positive (serialNumber; RFC 5280 §4.1.2.2)',
    'sub/warned.pem:1: warning rfc5280-key-usage-critical: The extension should be critical (extensions.keyUsage; RFC 5280 §4.2.1.3)',
    '4 structures in 3 files: 1 error, 1 warning, 0 notices',
    '',
  ]);
  const codes = [
    [['sub/warned.pem'], 0],
    [['--fail-on', 'warning', 'sub/warned.pem'], 1],
    [['--fail-on', 'never', '.'], 0],
    [['--ignore', 'rfc5280-serial-positive', '.'], 0],
    [['--profile', 'cnsa2', 'good.pem'], 1],
    [['notes.txt'], 2],
    [['missing.pem'], 2],
    [['--format', 'xml', '.'], 2],
    [['--ignore', 'no-such-rule', '.'], 2],
    [[], 2],
  ] as const;
  for (const [args, code] of codes) t.equal((await runIn(t, folder, args)).code, code, args.join(' '));
});

t.test('a file in DER, and a PEM file with many blocks', async (t) => {
  const folder = t.testdir({});
  writeFileSync(join(folder, 'a.der'), NEGATIVE);
  writeFileSync(join(folder, 'bundle.pem'), pem(GOOD).repeat(40));
  const { stdout } = await runIn(t, folder, ['a.der', 'bundle.pem']);
  t.match(stdout, /^a\.der: error rfc5280-serial-positive/);
  t.match(stdout, /41 structures in 2 files: 1 error, 0 warnings, 0 notices\n$/);
});

const LEVELS = new Set(['error', 'warning', 'note']);

t.test('SARIF has the structure of version 2.1.0', async (t) => {
  const folder = t.testdir(FILES);
  const { code } = await runIn(t, folder, [
    '--format',
    'sarif',
    '--output',
    'lint.sarif',
    '.',
    'missing.pem',
  ]);
  t.equal(code, 2);
  const log = JSON.parse(readFileSync(join(folder, 'lint.sarif'), 'utf8'));
  t.match(log, { $schema: /sarif-schema-2\.1\.0\.json$/, version: '2.1.0', runs: { length: 1 } });
  const [run] = log.runs;
  t.match(run.tool.driver, { name: 'x509-lint', version: String });
  for (const rule of run.tool.driver.rules)
    t.match(rule, {
      id: String,
      shortDescription: { text: String },
      defaultConfiguration: { level: String },
    });
  t.equal(run.results.length, 2);
  for (const result of run.results) {
    t.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    t.ok(LEVELS.has(result.level) && result.message.text.length > 0);
    const [{ physicalLocation, logicalLocations }] = result.locations;
    t.match(physicalLocation, { artifactLocation: { uri: /^sub\/[\w.%]+$/ }, region: { startLine: Number } });
    t.match(logicalLocations, [{ fullyQualifiedName: String }]);
  }
  t.match(run.invocations, [
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: /ENOENT/ } }],
    },
  ]);
});

/** Returns the elements of XML with their attributes. Throws for XML that is not well-formed. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const rest = xml.replace(/^<\?xml [^>]*\?>/, '').replaceAll(/<([^<>]*)>/g, (_, tag: string) => {
    const [, end, name = '', text = '', alone] =
      /^(\/?)([a-z-]+)((?: [a-z]+="[^"&<]*(?:&(?:amp|lt|gt|quot);[^"&<]*)*")*)(\/?)$/.exec(tag) ?? [];
    if (name === '') throw new Error(`<${tag}> is not a tag`);
    if (end === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> ends another element`);
      return '';
    }
    const attributes = [...text.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    found.push({ name, attributes: Object.fromEntries(attributes) });
    if (alone !== '/') open.push(name);
    return '';
  });
  if (open.length > 0 || /&(?!amp;|lt;|gt;|quot;)/.test(rest)) throw new Error('The XML is not well-formed');
  return found;
}

t.test('JUnit is well-formed XML, with a failure for each finding that fails', async (t) => {
  const folder = t.testdir(FILES);
  const { stdout } = await runIn(t, folder, ['--format', 'junit', '.', 'missing.pem']);
  const elements = elementsOf(stdout);
  const named = (name: string) => elements.filter((element) => element.name === name);
  t.match(named('testsuites'), [{ attributes: { tests: '5', failures: '1', errors: '1' } }]);
  t.match(
    named('testsuite').map(({ attributes }) => attributes['name']),
    ['good.pem', 'sub/a &amp; b.pem', 'sub/warned.pem', 'missing.pem'],
  );
  t.equal(named('testcase').length, 5);
  t.match(named('failure'), [{ attributes: { type: 'error' } }]);
  t.equal(named('error').length, 1);
  t.equal(named('system-out').length, 1);
  t.throws(() => elementsOf('<a><b></a></b>'));
});

t.test('JSON has the findings of each file', async (t) => {
  const folder = t.testdir(FILES);
  const { stdout } = await runIn(t, folder, ['--format', 'json', 'sub/a & b.pem']);
  t.match(JSON.parse(stdout), {
    counts: { error: 1, warning: 0, notice: 0 },
    files: [
      {
        path: 'sub/a & b.pem',
        parts: [
          { type: 'certificate', line: 2, findings: [] },
          { type: 'certificate', line: 5, findings: [{ rule: 'rfc5280-serial-positive', offset: Number }] },
        ],
      },
    ],
  });
});

t.test('the rules are listed', async (t) => {
  const { code, stdout } = await runIn(t, t.testdir({}), ['--rules']);
  t.equal(code, 0);
  t.equal(stdout.split('\n').length - 1, LISTED_RULES.length);
});

t.test('the command runs below node_modules, with the files of the package', async (t) => {
  const folder = t.testdir(FILES);
  const own = join(folder, 'node_modules/ml-dsa-certificate-api');
  mkdirSync(own, { recursive: true });
  const { bin, files, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const file of ['package.json', ...files])
    cpSync(join(ROOT, file), join(own, file), { recursive: true });
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  const ended = await runIn(t, folder, ['.'], join(own, bin['x509-lint']));
  t.match(ended, { code: 1, stdout: /1 error, 1 warning/, stderr: '' });
});
