import { SEVERITIES, type Severity } from '../rule.ts';
import { countOf, type Report, type ReportedFile, type ReportedPart } from './report.ts';

/** One line a finding: `path:line: severity rule: message (where; clause)`. The last line has the counts. */
export const textReport = (report: Report): string =>
  [...report.files.flatMap(linesOf), summaryOf(report), ''].join('\n');

const linesOf = ({ path, parts, problem }: ReportedFile): readonly string[] => [
  ...(problem === undefined ? [] : [`${path}: ${problem}`]),
  ...parts.flatMap((part) => linesOfPart(path, part)),
];

const linesOfPart = (path: string, { line, findings }: ReportedPart): readonly string[] =>
  findings.map(
    ({ severity, rule, message, where, clause }) =>
      `${path}${line === undefined ? '' : `:${line}`}: ${severity} ${rule}: ${message} (${[where, clause].filter(Boolean).join('; ')})`,
  );

function summaryOf(report: Report): string {
  const parts = report.files.reduce((sum, file) => sum + file.parts.length, 0);
  const counts = SEVERITIES.map((severity) => counted(countOf(report, severity), severity));
  return `${counted(parts, 'structure')} in ${counted(report.files.length, 'file')}: ${counts.join(', ')}`;
}

const counted = (count: number, noun: Severity | 'structure' | 'file'): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
