/** SARIF 2.1.0 (OASIS), which GitHub, GitLab and Azure DevOps show beside the files. */

import { VERSION } from '../../base/version.ts';
import { LISTED_RULES, type ListedRule } from '../registry.ts';
import type { LocatedFinding } from '../linted.ts';
import type { Severity } from '../rule.ts';
import { findingsIn, type Report, type ReportedFile, type ReportedPart } from './report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export const TOOL_NAME = 'x509-lint';

const LEVELS: Readonly<Record<Severity, string>> = Object.freeze({
  error: 'error',
  warning: 'warning',
  notice: 'note',
});

export function sarifReport(report: Report): string {
  const broken = new Set(findingsIn(report).map(({ rule }) => rule));
  const rules = LISTED_RULES.filter(({ id }) => broken.has(id));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const run = {
    tool: { driver: { name: TOOL_NAME, version: VERSION, rules: rules.map(describedRule) } },
    columnKind: 'utf16CodeUnits',
    invocations: [invocationOf(report)],
    results: report.files.flatMap((file) => resultsOf(file, indexes)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

const describedRule = ({ id, clause, severity, requires, profile }: ListedRule): object => ({
  id,
  shortDescription: { text: `${requires}.` },
  help: { text: `${requires} (${clause}).` },
  defaultConfiguration: { level: LEVELS[severity] },
  properties: { clause, ...(profile && { tags: [profile] }) },
});

/** A file that could not be linted is a notification, not a result. */
function invocationOf({ files }: Report): object {
  const notifications = files.flatMap(({ path, problem }) =>
    problem === undefined
      ? []
      : [
          {
            level: 'error',
            message: { text: `${path}: ${problem}` },
            locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
          },
        ],
  );
  return { executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications };
}

const resultsOf = ({ path, parts }: ReportedFile, indexes: ReadonlyMap<string, number>): readonly object[] =>
  parts.flatMap((part) => part.findings.map((finding) => resultOf(path, part, finding, indexes)));

const resultOf = (
  path: string,
  { line = 1 }: ReportedPart,
  { rule, severity, message, where, offset }: LocatedFinding,
  indexes: ReadonlyMap<string, number>,
): object => ({
  ruleId: rule,
  ruleIndex: indexes.get(rule),
  level: LEVELS[severity],
  message: { text: where === '' ? message : `${where}: ${message}` },
  locations: [
    {
      physicalLocation: { artifactLocation: { uri: uriOf(path) }, region: { startLine: line } },
      logicalLocations: [{ fullyQualifiedName: where === '' ? 'encoding' : where, kind: 'member' }],
    },
  ],
  ...(offset !== undefined && { properties: { derOffset: offset } }),
});

/** A relative reference (RFC 3986 §4.2). */
const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
