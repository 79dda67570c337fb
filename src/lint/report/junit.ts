/** JUnit XML, which most build servers show. A file is a test suite; a finding is a test case. */

import { isFailure, type Report, type ReportedFile, type ReportedPart } from './report.ts';
import { TOOL_NAME } from './sarif.ts';
import type { LocatedFinding } from '../linted.ts';

interface Case {
  readonly xml: string;
  readonly outcome: 'passed' | 'failure' | 'error';
}

export function junitReport(report: Report): string {
  const suites = report.files.map((file) => ({ file, cases: casesOf(file, report) }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: TOOL_NAME, ...countsOf(all) })}>`,
    ...suites.map(
      ({ file, cases }) =>
        `  <testsuite${attributes({ name: file.path, ...countsOf(cases) })}>\n${cases.map(({ xml }) => xml).join('\n')}\n  </testsuite>`,
    ),
    '</testsuites>\n',
  ].join('\n');
}

const countsOf = (cases: readonly Case[]) => ({
  tests: String(cases.length),
  failures: String(cases.filter(({ outcome }) => outcome === 'failure').length),
  errors: String(cases.filter(({ outcome }) => outcome === 'error').length),
});

function casesOf({ path, parts, problem }: ReportedFile, report: Report): readonly Case[] {
  const cases = parts.flatMap((part, index) => casesOfPart(path, part, index, report));
  if (problem === undefined) return cases;
  const xml = testCase('readable', path, `<error${attributes({ message: problem })}/>`);
  return [{ xml, outcome: 'error' }, ...cases];
}

function casesOfPart(
  path: string,
  { type, findings }: ReportedPart,
  index: number,
  report: Report,
): readonly Case[] {
  const name = `${type} ${index + 1}`;
  return findings.length === 0
    ? [{ xml: testCase(name, path), outcome: 'passed' }]
    : findings.map((finding) => caseOf(`${name}: ${finding.rule}`, path, finding, report));
}

function caseOf(name: string, path: string, finding: LocatedFinding, { failOn }: Report): Case {
  const { severity, rule, message, where, clause } = finding;
  const text = `${message} (${[where, clause].filter(Boolean).join('; ')})`;
  if (!isFailure(severity, failOn))
    return {
      xml: testCase(name, path, `<system-out>${escaped(`${severity}: ${text}`)}</system-out>`),
      outcome: 'passed',
    };
  const failure = `<failure${attributes({ type: severity, message })}>${escaped(`${rule}: ${text}`)}</failure>`;
  return { xml: testCase(name, path, failure), outcome: 'failure' };
}

const testCase = (name: string, classname: string, inside = ''): string =>
  `    <testcase${attributes({ name, classname })}>${inside}</testcase>`;

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no control characters besides tab and line ends, and no half surrogates. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
