/** What a run of the linter over files found, for every format that it is written in. */

import type { PartType } from '../../identify/part-types.ts';
import type { LocatedFinding } from '../linted.ts';
import { SEVERITIES, type LintProfile, type Severity } from '../rule.ts';

export interface ReportedPart {
  readonly type: PartType;
  /** Of its PEM block, from 1; undefined for a file that is not PEM. */
  readonly line: number | undefined;
  readonly findings: readonly LocatedFinding[];
}

export interface ReportedFile {
  /** As it is shown: relative, with `/`. */
  readonly path: string;
  /** The parts that have rules. */
  readonly parts: readonly ReportedPart[];
  /** Why the file could not be linted. */
  readonly problem?: string;
}

/** `never` stands for a run that does not fail because of findings. */
export const THRESHOLDS = Object.freeze([...SEVERITIES, 'never'] as const);
export type Threshold = (typeof THRESHOLDS)[number];

export interface Report {
  readonly files: readonly ReportedFile[];
  readonly profile: LintProfile | undefined;
  /** The lowest severity that makes the run fail. */
  readonly failOn: Threshold;
}

/** Whether a finding makes the run fail. */
export const isFailure = (severity: Severity, failOn: Threshold): boolean =>
  failOn !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);

export const findingsIn = ({ files }: Pick<Report, 'files'>): readonly LocatedFinding[] =>
  files.flatMap(({ parts }) => parts.flatMap(({ findings }) => findings));

export const countOf = (report: Pick<Report, 'files'>, severity: Severity): number =>
  findingsIn(report).filter((finding) => finding.severity === severity).length;
