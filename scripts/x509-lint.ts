/** `x509-lint`: lints files and folders of certificates, CSRs, CRLs and OCSP responses. */

import { writeFile } from 'node:fs/promises';
import { LISTED_RULES } from '../src/lint/registry.ts';
import { jsonReport } from '../src/lint/report/json.ts';
import { junitReport } from '../src/lint/report/junit.ts';
import { findingsIn, isFailure, THRESHOLDS, type Report } from '../src/lint/report/report.ts';
import { sarifReport } from '../src/lint/report/sarif.ts';
import { textReport } from '../src/lint/report/text.ts';
import { LINT_PROFILES } from '../src/lint/rule.ts';
import { orExit, readOptions } from './command-line.ts';
import { lintPaths } from './lint-files.ts';

const FORMATS = { text: textReport, json: jsonReport, sarif: sarifReport, junit: junitReport };
type Format = keyof typeof FORMATS;

const FORMAT_NAMES = Object.keys(FORMATS) as Format[];

const USAGE = `x509-lint [options] PATH…
  Checks certificates, CSRs, CRLs and OCSP responses against RFC 5280, RFC 9881 and other standards.
  A PATH is a file or a folder. In a folder, files without such a structure are left out.

Options:
  --profile NAME     adds rules: ${LINT_PROFILES.join(', ')}
  --fail-on LEVEL    the lowest severity that fails: ${THRESHOLDS.join(', ')} (default error)
  --format FORMAT    ${FORMAT_NAMES.join(', ')} (default text)
  --output FILE      writes the report to a file
  --ignore RULE      leaves out the findings of a rule; can be repeated
  --rules            lists the rules
  --help             prints this text

Exit code 1: there are findings of that severity. 2: a PATH cannot be read or has nothing to lint.

Examples:
  x509-lint certificates/
  x509-lint --profile cabf-tls --format sarif --output lint.sarif server.pem
`;

const { values, positionals } = readOptions(
  USAGE,
  {
    profile: { type: 'string' },
    'fail-on': { type: 'string', default: 'error' },
    format: { type: 'string', default: 'text' },
    output: { type: 'string' },
    ignore: { type: 'string', multiple: true, default: [] },
    rules: { type: 'boolean', default: false },
  },
  true,
);

/** Returns `value` when it is in the list. */
function oneOf<Value extends string>(option: string, list: readonly Value[], value: string): Value {
  const found = list.find((name) => name === value);
  if (found === undefined) throw new Error(`--${option} must be one of ${list.join(', ')}, not "${value}"`);
  return found;
}

const { profile, failOn, format, ignored } = orExit(USAGE, () => {
  const ruleIds = LISTED_RULES.map(({ id }) => id);
  if (positionals.length === 0 && !values.rules) throw new Error('A file or a folder is missing');
  return {
    profile: values.profile === undefined ? undefined : oneOf('profile', LINT_PROFILES, values.profile),
    failOn: oneOf('fail-on', THRESHOLDS, values['fail-on']),
    format: oneOf('format', FORMAT_NAMES, values.format),
    ignored: new Set(values.ignore.map((id) => oneOf('ignore', ruleIds, id))),
  };
});

if (values.rules) listRules();
else await lintAll();

function listRules(): void {
  const rules = LISTED_RULES.filter((rule) => profile === undefined || rule.profile === profile);
  for (const { id, severity, requires, clause } of rules)
    console.log(`${id} (${severity}): ${requires} (${clause})`);
}

async function lintAll(): Promise<void> {
  const files = await lintPaths(positionals, { profile, ignored });
  const report: Report = { files, profile, failOn };
  const text = FORMATS[format](report);
  if (values.output === undefined) process.stdout.write(text);
  else await writeFile(values.output, text);
  const hasFailed = findingsIn(report).some(({ severity }) => isFailure(severity, failOn));
  process.exitCode = files.some(({ problem }) => problem !== undefined) ? 2 : hasFailed ? 1 : 0;
}
